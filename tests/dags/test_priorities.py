"""Who gets a free slot first, as the scheduler weighs it: the DAGs as it reads them back from its database."""

import pytest

from chorus import paths
from chorus.stack.first_run import that_read

SCHEDULED, BACKFILL = (
    "scheduled__2026-11-20T09:00:00+00:00",
    "backfill__2026-11-13T09:00:00+00:00",
)


@pytest.fixture(scope="module")
def weight():
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.taskinstance import TaskInstance
    from airflow.serialization.serialized_objects import DagSerialization

    bag = DagBag(paths.ROOT / "dags")
    read_back = {
        dag_id: DagSerialization.from_dict(DagSerialization.to_dict(dag))
        for dag_id, dag in bag.dags.items()
    }

    def weight(dag_id, run_id):
        """The weight of each task of a run."""
        return {
            task.task_id: TaskInstance(
                task=task, run_id=run_id, dag_version_id=None
            ).priority_weight
            for task in read_back[dag_id].tasks
        }

    weight.dags = sorted(read_back)
    return weight


AFTER_BRONZE = ("silver_star", "gold_views", "notify_discord")


def test_the_current_hour_outranks_every_backfill_and_whatever_is_not_the_wave(weight):
    wave = (*that_read(weight.dags), *AFTER_BRONZE)
    least = min(min(weight(dag, SCHEDULED).values()) for dag in wave)
    for dag in weight.dags:
        assert max(weight(dag, BACKFILL).values()) < least
        assert dag in wave or max(weight(dag, SCHEDULED).values()) < least


@pytest.mark.parametrize("run_id", ["manual__1", "asset_triggered__1"])
def test_what_a_person_or_an_asset_wakes_is_the_present(weight, run_id):
    assert weight("silver_star", run_id) == weight("silver_star", SCHEDULED)
