"""Days of two sources that are read later, at once, while the present goes on."""

import time
from datetime import UTC, datetime

import pytest

from chorus.domain.window import Window
from tests.e2e.backfilling import (
    DAG,
    HOUR,
    LISTENED_TO,
    begin_backfill,
    is_over,
    runs_of,
)
from tests.e2e.rerunning import equals_a_rebuild
from tests.faults.waves import day, is_whole, run_path, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(3600)]

REDDIT = "bronze_reddit"
DAY = 24 * HOUR
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
THEIR_DAY = Window(TODAY - 6 * DAY, TODAY - 5 * DAY)
OUR_HOURS = Window.back_from(day(263)[0].since, 6 * HOUR)


def test_two_sources_are_read_at_once_while_the_present_goes_on(calm, undisturbed):
    begun = [
        begin_backfill(calm.api, DAG, OUR_HOURS, LISTENED_TO),
        begin_backfill(calm.api, REDDIT, THEIR_DAY, {"subreddits": ["gardening"]}),
    ]
    waves = []
    while not all(is_over(calm.api, backfill) for backfill in begun):
        waves.append(send(calm.api))
        calm.api.post(f"/dags/{DAG}_remeasure/dagRuns", {"logical_date": None, "conf": {}})
        wait_for_run(calm.api, waves[-1])
    wait_until_all_is_done(calm)
    backfilled = [*runs_of(calm.api, OUR_HOURS), *runs_of(calm.api, THEIR_DAY, REDDIT)]
    assert len(backfilled) == 6 + 4
    present = [calm.api.get(run_path(wave)) for wave in waves]
    assert {run["state"] for run in backfilled + present} == {"success"}
    is_whole(calm, undisturbed, OUR_HOURS)
    equals_a_rebuild(calm)


def wait_for_run(api, run, within=600):
    patience = time.monotonic() + within
    while (state := api.get(run_path(run))["state"]) not in {"success", "failed"}:
        assert time.monotonic() < patience, state
        time.sleep(0.5)
