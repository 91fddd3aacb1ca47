"""A model's host outlives the task that started it, and ends with the stack."""

import io
import os
import sys

import psutil
import pytest
from rich.console import Console

from chorus.sentiment.active import ActiveModel
from chorus.sentiment.cards import find_card
from chorus.sentiment.host.client import HostClient
from chorus.stack.child import Component
from chorus.stack.environment import base_environment
from chorus.stack.processes import MARKER
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice

TASK = """
import sys, time
from pathlib import Path
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.cards import find_card
from chorus.sentiment.host.client import HostClient
client = HostClient(ActiveModel(find_card("vader"), "cpu", "exact"), runtime=Path(sys.argv[1]))
print(client.health()["pid"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def hosts(tmp_path_factory):
    """Where hosts live, which two stacks of one user share."""
    folder = tmp_path_factory.mktemp("h")
    folder.chmod(0o700)
    return folder


def supervised(run):
    return Supervisor(run, Voice(Console(file=io.StringIO())))


def test_a_host_that_a_task_started_ends_with_the_stack(tmp_path, hosts, eventually):
    log = tmp_path / "log"
    command = (sys.executable, "-c", TASK, str(hosts))
    task = Component("task", command, log, base_environment(tmp_path, os.environ))
    with supervised(tmp_path) as supervisor:
        supervisor.start(task)
        said = eventually(lambda: log.exists() and log.read_text(), within=60)
        host = psutil.Process(int(said))
    assert not host.is_running()


def test_a_host_of_another_stack_goes_on(tmp_path, hosts, monkeypatch):
    monkeypatch.setenv(MARKER, str(tmp_path / "another"))
    theirs = HostClient(ActiveModel(find_card("vader"), "cpu", "exact"), runtime=hosts)
    host = psutil.Process(theirs.health()["pid"])
    with supervised(tmp_path / "ours"):
        pass
    assert host.is_running()
    theirs.stop()
