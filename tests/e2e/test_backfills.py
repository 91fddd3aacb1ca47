"""Days that are read later: in whichever order, and twice."""

from datetime import UTC, datetime

import pytest

from chorus.domain.window import Window
from tests.e2e.backfilling import (
    DAG,
    HOUR,
    LISTENED_TO,
    begin_backfill,
    runs_of,
    wait_for_backfill,
)
from tests.e2e.rerunning import clear, equals_a_rebuild, tries
from tests.faults.waves import day, is_whole, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(3600)]

REDDIT = "bronze_reddit"
ONE_SUBREDDIT = {"subreddits": ["gardening"]}
DAY = 24 * HOUR
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
A_DAY = Window(TODAY - 4 * DAY, TODAY - 3 * DAY)
AN_EVENING = Window.back_from(day(262)[0].since, 6 * HOUR)


def read(stack, window, dag, conf, **how):
    """The runs of a backfill that is over, and all that it woke."""
    wait_for_backfill(stack.api, begin_backfill(stack.api, dag, window, conf, **how))
    wait_until_all_is_done(stack)
    return runs_of(stack.api, window, dag)


def order_of(runs):
    """Their windows, in the order in which they were begun."""
    assert {run["state"] for run in runs} == {"success"}
    return [run["logical_date"] for run in sorted(runs, key=lambda run: run["start_date"])]


@pytest.fixture(scope="module")
def a_day(stack):
    """A day of runs."""
    wait_until_all_is_done(stack)
    return read(stack, A_DAY, REDDIT, ONE_SUBREDDIT, max_active_runs=1)


def test_a_day_is_read_forwards(calm, a_day):
    assert len(a_day) == 4
    assert order_of(a_day) == sorted(order_of(a_day))
    equals_a_rebuild(calm)


def test_and_once_more_where_its_runs_are_completed(calm, a_day):
    again = read(calm, A_DAY, REDDIT, ONE_SUBREDDIT, reprocess_behavior="completed")
    assert {run["dag_run_id"] for run in again} == {run["dag_run_id"] for run in a_day}
    begun = {run["dag_run_id"]: run["start_date"] for run in a_day}
    assert all(run["start_date"] > begun[run["dag_run_id"]] for run in again)
    equals_a_rebuild(calm)


def test_a_day_of_runs_is_cleared(calm, a_day):
    before = [tries(calm.api, REDDIT, run["dag_run_id"]) for run in a_day]
    span = {"start_date": A_DAY.since.isoformat(), "end_date": (A_DAY.until - HOUR).isoformat()}
    clear(calm.api, REDDIT, **span)
    wait_until_all_is_done(calm)
    for run, tried in zip(a_day, before, strict=True):
        again = tries(calm.api, REDDIT, run["dag_run_id"])
        assert all(again[task] > often for task, often in tried.items())
    equals_a_rebuild(calm)


def test_hours_are_read_backwards(calm, undisturbed):
    how = {"run_backwards": True, "max_active_runs": 1}
    hours = read(calm, AN_EVENING, DAG, LISTENED_TO, **how)
    assert len(hours) == 6
    assert order_of(hours) == sorted(order_of(hours), reverse=True)
    is_whole(calm, undisturbed, AN_EVENING)
    equals_a_rebuild(calm)
