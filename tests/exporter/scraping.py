"""Debian's own Prometheus with our files, pointed at an exporter that runs."""

import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests
import yaml

from chorus import paths
from chorus.stack.ports import any_free_port

OPS = paths.ROOT / "ops" / "prometheus"


def program():
    """Debian's own."""
    found = shutil.which("prometheus")
    if found is None or shutil.which("promtool") is None:
        pytest.skip("there is no prometheus here; Debian's package of that name has it")
    return found


def configure(folder, exporter, token_file):
    """Our files in this folder, asking often."""
    (folder / "alerts.yml").write_text((OPS / "alerts.yml").read_text())
    config = yaml.safe_load((OPS / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    [job] = config["scrape_configs"]
    job["authorization"]["credentials_file"] = str(token_file)
    job["static_configs"][0]["targets"] = [exporter]
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(config))
    return file


@dataclass
class Prometheus:
    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, what, **params):
        return self.session.get(f"{self.url}/{what}", params=params, timeout=5).json()["data"]

    def wait_for(self, true, log):
        patience = time.monotonic() + 60
        while True:
            try:
                if found := true(self):
                    return found
            except requests.RequestException:
                pass  # it is still starting
            assert time.monotonic() < patience, log.read_text()[-2000:]
            time.sleep(0.2)

    def firing(self):
        alerts = self.ask("alerts")["alerts"]
        return {one["labels"]["alertname"] for one in alerts if one["state"] == "firing"}

    def values(self, query):
        """By the labels dag and state."""
        return {
            (series["metric"].get("dag"), series["metric"].get("state")): series["value"][1]
            for series in self.ask("query", query=query)["result"]
        }


@contextmanager
def running(config, folder):
    """As compose starts it, but for what Debian's does not know yet: it is older than the image."""
    port = any_free_port()
    compose = yaml.safe_load((paths.ROOT / "docker-compose.yaml").read_text())
    here = {"/etc/prometheus/prometheus.yml": config, "/prometheus": folder / "data"}
    words = [
        f"{option}={here.get(value, value)}"
        for option, _, value in (
            word.partition("=")
            for word in compose["services"]["prometheus"]["command"]
            if word != "--web.enable-otlp-receiver"
        )
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program(), *words, f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log,
            stderr=log,
        )
    prometheus = Prometheus(f"http://127.0.0.1:{port}/api/v1")
    prometheus.session.trust_env = False
    try:
        yield prometheus
    finally:
        process.terminate()
        process.wait(20)
