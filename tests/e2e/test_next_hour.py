"""While a week is made up for, the present is not late."""

import time
from datetime import UTC, datetime

import pytest

from chorus import paths
from chorus.domain.window import Window
from chorus.stack.wave import Run, Wave, follow
from tests.e2e.backfilling import (
    DAG,
    HOUR,
    LISTENED_TO,
    begin_backfill,
    is_over,
    runs_of,
)
from tests.e2e.rerunning import equals_a_rebuild
from tests.e2e.wide import wait_until
from tests.faults.waves import day

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(3 * 3600)]

WEEK = 168
A_WEEK = Window.back_from(day(270)[0].since, WEEK * HOUR)


@pytest.fixture(scope="module")
def deadlines():
    """How long a run of each DAG may take from when it was queued."""
    from airflow.dag_processing.dagbag import DagBag

    dags = DagBag(paths.ROOT / "dags").dags
    return {dag_id: dag.deadline[0].interval for dag_id, dag in dags.items()}


def test_during_a_weeks_backfill_the_next_hour_meets_every_deadline(calm, deadlines):
    now = datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0) + HOUR
    time.sleep(max(0, (hour - now).total_seconds() - 60))
    week = begin_backfill(calm.api, DAG, A_WEEK, LISTENED_TO)

    due = Window(hour - HOUR, hour)
    wait_until(lambda: runs_of(calm.api, due), within=300)
    [run] = runs_of(calm.api, due)
    wave = Wave(calm.api, Run(DAG, run["dag_run_id"]))
    follow(wave, 1, time.sleep, lambda _: None)

    assert not is_over(calm.api, week)
    assert wave.went_well
    assert {run.dag for run in wave.runs} >= {DAG, "silver_star", "gold_views"}
    for run in wave.runs:
        found = calm.api.get(run.path)
        queued, ended = (datetime.fromisoformat(found[at]) for at in ("queued_at", "end_date"))
        assert ended - queued < deadlines[run.dag]
    calm.api._ask("PUT", f"/backfills/{week}/cancel")
    equals_a_rebuild(calm)
