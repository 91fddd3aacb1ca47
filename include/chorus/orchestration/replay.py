"""The tasks of ops_replay: count, mark as pending, and the wave over what is pending."""

from airflow.sdk import Asset, task

from chorus.orchestration.bronze import load, score_in_shards, transform
from chorus.orchestration.pools import WAREHOUSE
from chorus.orchestration.warehouse import with_db_retry


# A dry run is no failure: the rest of the run is skipped, and the counts stand in this task's log.
@task.short_circuit
@with_db_retry
def count() -> dict[str, int]:
    """Say what would be taken in again; opens the run where it is to be done."""
    import logging

    from chorus.orchestration.runs import asked_for, this_run, those_params
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines import replay as pipeline
    from chorus.pipelines.runs import open_run

    with open_warehouse() as (connection, settings):
        asked = pipeline.asked_for(those_params())
        counts = pipeline.count(connection, settings, asked)
        logging.getLogger(__name__).info("To be taken in again: %s", counts or "nothing")
        if asked_for("dry_run") or not any(counts.values()):
            return {}
        open_run(connection, settings, this_run())
    return counts


@task(pool=WAREHOUSE.pool)
@with_db_retry
def replay() -> dict[str, int]:
    """Mark pending what is asked for; returns how many of what."""
    from chorus.orchestration.runs import this_run, those_params
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines import replay as pipeline
    from chorus.pipelines.runs import step

    run = this_run()
    with open_warehouse() as (connection, settings), step(connection, run, "replay") as counts:
        counts.update(
            pipeline.replay(connection, settings, pipeline.asked_for(those_params()), run)
        )
    return dict(counts)


def count_replay_transform_score_load(outlets: list[Asset]) -> None:
    """What lies open may be of any source, so all of them are announced."""
    replayed = replay()
    transformed = transform()
    score = score_in_shards()
    count() >> replayed >> transformed >> score
    load.override(outlets=outlets)(transformed, score.output)  # type: ignore[arg-type]
