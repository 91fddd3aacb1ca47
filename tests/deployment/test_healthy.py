"""The health check of Airflow's containers, against what Airflow's API server answers."""

import subprocess
import sys

from pytest_httpserver import HTTPServer

from chorus import paths

BODY = {
    "metadatabase": {"status": "healthy"},
    "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": "2026-01-05T10:00:00Z"},
    "triggerer": {"status": "unhealthy", "latest_triggerer_heartbeat": None},
    "dag_processor": {"status": "healthy", "latest_dag_processor_heartbeat": None},
}


def ask(part: str, address: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(paths.ROOT / "ops" / "healthy.py"), part, address]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_what_beats_is_healthy_and_what_does_not_is_named(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/monitor/health").respond_with_json(BODY)
    address = httpserver.url_for("/api/v2/monitor/health")
    assert ask("scheduler", address).returncode == 0
    unwell = ask("triggerer", address)
    assert unwell.returncode == 1
    assert unwell.stderr == "triggerer is unhealthy.\n"


def test_an_api_server_that_is_down_is_said_in_a_sentence() -> None:
    down = ask("scheduler", "http://127.0.0.1:9/")
    assert down.returncode == 1
    assert down.stderr.startswith("The API server does not answer: ")
    assert "Traceback" not in down.stderr
