"""The exporter as a part of the stack: it starts with a token of its own, and answers whoever shows it."""

import io

import pytest
import requests
from rich.console import Console

from chorus.stack.exporter import start_exporter
from chorus.stack.ports import any_free_port
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice


@pytest.fixture
def started(tmp_path, warehouse_settings, monkeypatch):
    """Start it in a stack of its own; returns what was said and the folder."""
    run = RunFolder(tmp_path)
    said = io.StringIO()
    monkeypatch.setenv("DATABASE_URL", warehouse_settings.dsn())
    monkeypatch.setenv("DATABASE_MONITOR_PASSWORD", "monitor")

    with Supervisor(run.root, Voice(Console(file=said, width=400))) as supervisor:

        def started(**settings):
            given = warehouse_settings.model_copy(update=settings)
            start_exporter(given, run, supervisor)
            return said.getvalue(), run

        yield started


def test_it_answers_who_shows_the_token(started, eventually):
    port = any_free_port()
    said, run = started(metrics_port=port)
    file = run.secrets / "metrics_token"
    assert f"http://127.0.0.1:{port}/metrics" in said
    token = file.read_text()
    assert token not in said
    assert file.stat().st_mode & 0o077 == 0

    session = requests.Session()
    session.trust_env = False

    def scrape():
        try:
            return session.get(
                f"http://127.0.0.1:{port}/metrics",
                headers={"Authorization": f"Bearer {token}"},
                timeout=20,
            )
        except requests.ConnectionError:
            return None

    answer = eventually(scrape, within=60)
    assert answer.status_code == 200
    assert "\nchorus_warehouse_up 1.0" in answer.text
    assert token not in run.log("exporter").read_text()


def test_it_can_be_switched_off(started):
    said, _ = started(metrics_port=0)
    assert said == ""
