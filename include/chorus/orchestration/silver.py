"""The tasks of silver_star. No window here: silver loads what is pending, whichever event woke it."""

from airflow.sdk import TriggerRule, task

from chorus.orchestration.pools import WAREHOUSE
from chorus.orchestration.warehouse import with_db_retry


@task(task_id="load", pool=WAREHOUSE.pool)
@with_db_retry
def load_star() -> dict[str, int]:
    """Load everything bronze marks pending; returns how many rows of what."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.runs import open_run, step
    from chorus.pipelines.silver import load_silver

    run = this_run()
    with open_warehouse() as (connection, settings):
        open_run(connection, settings, run)
        with step(connection, run, "load") as counts:
            counts.update(load_silver(connection, settings, run))
    return dict(counts)


@task(task_id="check", pool=WAREHOUSE.pool, trigger_rule=TriggerRule.ALL_DONE)
@with_db_retry
def check_star(loaded: dict[str, int] | None) -> None:
    """Close the run, and fail on rows that break a promise of the star; alone owns the asset."""
    from chorus.orchestration.closing import closing_run
    from chorus.pipelines.silver import check_silver

    with closing_run("check", got_through=loaded is not None) as (connection, settings):
        check_silver(connection, settings)
