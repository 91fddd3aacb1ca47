"""Runs that people clear, DAGs that they pause: whatever is done again, the warehouse is as if it had been done once."""

import pytest

from tests.e2e.rerunning import clear, equals_a_rebuild, last_run, paused, tries
from tests.faults.waves import (
    day,
    is_whole,
    send,
    wait_until_all_is_done,
    wait_until_quiet,
    what_is_left,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

nightly = pytest.mark.nightly


@pytest.fixture(scope="module")
def window():
    return day(260)[0]


@pytest.fixture(scope="module")
def run(stack, window):
    """A run that was triggered with params, and what it woke."""
    wait_until_quiet(stack.api)
    sent = send(stack.api, window)
    wait_until_all_is_done(stack)
    return sent


def test_a_run_reads_what_its_params_ask(stack, run, window, undisturbed):
    is_whole(stack, undisturbed, window)
    equals_a_rebuild(stack)


@pytest.mark.parametrize(
    ("dag", "tasks", "left_alone"),
    [
        ("bronze_mastodon", [["extract", 0]], {"list_targets"}),
        pytest.param(
            "bronze_mastodon", ["transform"], {"list_targets", "extract"}, marks=nightly
        ),
        pytest.param("bronze_mastodon", None, set(), marks=nightly),
        ("silver_star", None, set()),
        # No view is stale by then.
        pytest.param("gold_views", None, {"refresh"}, marks=nightly),
    ],
)
def test_clearing_changes_nothing(calm, run, window, undisturbed, dag, tasks, left_alone):
    cleared = run if dag == "bronze_mastodon" else last_run(calm.api, dag)
    before = tries(calm.api, dag, cleared)
    clear(calm.api, dag, dag_run_id=cleared, task_ids=tasks)
    wait_until_all_is_done(calm)
    after = tries(calm.api, dag, cleared)
    again = {task for task, _ in after if after[task, _] > before.get((task, _), 0)}
    assert again == {task for task, _ in before} - left_alone
    is_whole(calm, undisturbed, window)
    equals_a_rebuild(calm)


def test_what_came_while_consumers_were_paused_is_not_left_behind(calm, undisturbed):
    first, then = day(261)
    with paused(calm.api, "silver_star", "gold_views"):
        for window in (first, then):
            send(calm.api, window)
            wait_until_quiet(calm.api)
    assert what_is_left(calm.settings)["posts that wait for silver"] > 0
    send(calm.api, then)
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, first, then)
    equals_a_rebuild(calm)
