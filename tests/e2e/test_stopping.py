"""The end of a running stack: nothing that it started goes on, not even the model's host."""

import os
import signal
import time

import pytest

from tests.e2e.newcomer import processes_of, rows_said

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

# What stands in the command line of each component's first process.
COMPONENTS = {
    "demo-network": "chorus.demo",
    "exporter": "chorus.exporter",
    "triggerer": "airflow triggerer",
    "dag-processor": "airflow dag-processor",
    "api-server": "airflow api_server",
    "scheduler": "airflow scheduler",
    "postgres": "bin/postgres -D",
}


def kill_component(newcomer, name):
    """Once it runs: some start later than others."""
    patience = time.monotonic() + 60
    while not (
        found := [
            process
            for process in processes_of(newcomer.run_folder)
            if os.getsid(process.pid) == process.pid
            and COMPONENTS[name] in " ".join(process.cmdline())
        ]
    ):
        assert time.monotonic() < patience, f"{name} does not run"
        time.sleep(0.2)
    [first] = found
    first.send_signal(signal.SIGKILL)


def test_a_stop_from_another_terminal_leaves_no_process(stack):
    start = time.monotonic()
    stopped = stack.newcomer.make("stop")
    assert "Everything is stopped." in stopped.stdout
    assert time.monotonic() - start < 15
    assert processes_of(stack.newcomer.clone) == []


def test_an_ordinary_user_gets_the_same_and_ctrl_c_ends_it_also_after_each_child_was_killed(
    ordinary_newcomer,
):
    running = ordinary_newcomer.start("run")
    running.wait_for(r"Airflow: \S+\s+sign in as admin", within=600)
    assert rows_said(running.said)["mv_top_performing_content"] > 0
    assert "failed" not in running.said
    for name in COMPONENTS:
        kill_component(ordinary_newcomer, name)
        running.wait_for(rf"{name} +was killed by SIGKILL; starts again", within=30)
    assert running.interrupt() < 10
    assert processes_of(ordinary_newcomer.clone) == []
