"""Who gets a free slot first, as the scheduler weighs it: the DAGs as it reads them back from its database."""

import pytest

from chorus import paths

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


def test_the_current_hour_outranks_every_backfill(weight):
    for dag_id in weight.dags:
        now = weight(dag_id, SCHEDULED)
        for other in weight.dags:
            assert min(now.values()) > max(weight(other, BACKFILL).values()), (dag_id, other)


@pytest.mark.parametrize("run_id", ["manual__1", "asset_triggered__1"])
def test_what_a_person_or_an_asset_wakes_is_the_present(weight, run_id):
    assert weight("silver_star", run_id) == weight("silver_star", SCHEDULED)


def test_what_looks_after_things_comes_after_the_wave(weight):
    wave = [dag for dag in weight.dags if not dag.startswith("ops_")]
    least = min(min(weight(dag, SCHEDULED).values()) for dag in wave)
    assert max(weight("ops_watch", SCHEDULED).values()) < least
