"""The present in the middle of a week's backfill."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.window import Window
from tests.e2e.backfilling import LISTENED_TO, begin_backfill, is_over
from tests.faults.waves import LAST_DAY, run_path, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(7200)]

WEEK = timedelta(days=7)


def test_the_present_meets_its_deadline_during_a_weeks_backfill_which_goes_on_behind_it(calm):
    """What a person triggers is the present like what the schedule begins: tests/dags/test_priorities.py."""
    stack = calm
    long_ago = LAST_DAY - timedelta(days=500)
    begun = begin_backfill(
        stack.api, "bronze_mastodon", Window(long_ago, long_ago + WEEK), LISTENED_TO
    )
    time.sleep(20)  # in the thick of it
    path = run_path(send(stack.api))
    while (run := stack.api.get(path))["state"] not in {"success", "failed"}:
        time.sleep(1)
    took = datetime.now(UTC) - datetime.fromisoformat(run["queued_at"])
    assert run["state"] == "success"
    assert not is_over(stack.api, begun), "the backfill was too short to be in anybody's way"
    assert took < timedelta(minutes=5)
    stack.api._ask("PUT", f"/backfills/{begun}/cancel")
    wait_until_all_is_done(stack)
    caught = stack.newcomer.run_folder / "demo" / "demo-caught.jsonl"
    assert not caught.exists() or "bronze_mastodon is late." not in caught.read_text()
