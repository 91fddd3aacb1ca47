"""Debian's Prometheus reads our files and scrapes our exporter."""

import re
import subprocess
import time

import pytest
import requests
import yaml

from chorus import paths
from chorus.domain.thresholds import Thresholds
from chorus.stack.ports import any_free_port
from tests.exporter.conftest import TOKEN

OPS = paths.ROOT / "ops" / "prometheus"
CASES = paths.ROOT / "tests" / "exporter" / "alert_cases.yml"


@pytest.fixture
def configured(exporter, tmp_path):
    """Our files, pointed at the exporter of this test."""
    (tmp_path / "alerts.yml").write_text((OPS / "alerts.yml").read_text())
    config = yaml.safe_load((OPS / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    [job] = config["scrape_configs"]
    job["authorization"]["credentials_file"] = "metrics_token"
    job["static_configs"][0]["targets"] = [exporter]
    file = tmp_path / "prometheus.yml"
    file.write_text(yaml.safe_dump(config))
    return file


def promtool(*words, cwd=OPS):
    return subprocess.run(
        ["promtool", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_promtool_finds_nothing_wrong_with_our_files(prometheus, configured):
    for words in (
        ("check", "config", "--lint-fatal", configured),
        ("check", "config", "--syntax-only", OPS / "prometheus.yml"),
        ("check", "config", "--syntax-only", OPS / "compose.yml"),
        ("check", "rules", "--lint-fatal", OPS / "alerts.yml"),
    ):
        checked = promtool(*words)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_alert_fires_where_it_should_and_nowhere_else(prometheus):
    tested = promtool("test", "rules", CASES)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    alerts = re.findall(r"alert: (\w+)", (OPS / "alerts.yml").read_text())
    assert set(re.findall(r"alertname: (\w+)", CASES.read_text())) == set(alerts)


def test_the_numbers_are_the_default_thresholds():
    rules = (OPS / "alerts.yml").read_text()
    usual = Thresholds()
    for says in (
        f"> {usual.silent_hours:g} * 3600",
        f"< {usual.job_success:g}\n",
        f"> {usual.mean_run_minutes:g} * 60",
        f"data_quality_score < {usual.quality_score:g}\n",
    ):
        assert says in rules


def test_every_metric_that_an_alert_asks_for_is_told(exporter):
    session = requests.Session()
    session.trust_env = False
    shown = {"Authorization": f"Bearer {TOKEN}"}
    told = session.get(f"http://{exporter}/metrics", headers=shown, timeout=20).text
    [group] = yaml.safe_load((OPS / "alerts.yml").read_text())["groups"]
    asked = {
        name
        for rule in group["rules"]
        for name in re.findall(r"\b(?:pipeline|chorus|data|source)_\w+", rule["expr"])
    }
    assert len(asked) > 7
    assert {name for name in asked if f"\n{name}" not in told} == set()


def test_a_real_prometheus_scrapes_it_and_raises_its_alarms(prometheus, configured, tmp_path):
    port = any_free_port()
    compose = yaml.safe_load((paths.ROOT / "docker-compose.yaml").read_text())
    here = {"/etc/prometheus/prometheus.yml": configured, "/prometheus": tmp_path / "data"}
    words = [
        f"{option}={here.get(value, value)}"
        for option, _, value in (
            word.partition("=") for word in compose["services"]["prometheus"]["command"]
        )
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [prometheus, *words, f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log,
            stderr=log,
        )
    session = requests.Session()
    session.trust_env = False
    firing = set()
    try:
        patience = time.monotonic() + 60
        while not {"ChorusRuleBroken"} <= firing:
            assert time.monotonic() < patience, (tmp_path / "log").read_text()[-2000:]
            time.sleep(0.2)
            try:
                url = f"http://127.0.0.1:{port}/api/v1"
                alerts = session.get(f"{url}/alerts", timeout=5).json()["data"]["alerts"]
            except requests.RequestException:
                continue
            firing = {
                alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"
            }
        found = session.get(f"{url}/query", params={"query": "pipeline_jobs_total"}, timeout=5)
        values = {
            (series["metric"]["dag"], series["metric"]["state"]): series["value"][1]
            for series in found.json()["data"]["result"]
        }
        assert values["bronze_mastodon", "success"] == "2"
        [target] = session.get(f"{url}/targets", timeout=5).json()["data"]["activeTargets"]
        assert (target["health"], target["lastError"]) == ("up", "")
    finally:
        process.terminate()
        process.wait(20)
