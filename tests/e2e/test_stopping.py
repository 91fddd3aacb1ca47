"""The end of a running stack: nothing that it started goes on, not even the model's host."""

import time

import pytest

from tests.e2e.newcomer import processes_of, rows_said
from tests.faults.victims import COMPONENTS, kill_component

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


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
