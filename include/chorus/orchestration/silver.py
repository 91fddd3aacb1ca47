"""The tasks of silver_star. No window here: silver loads what is pending, whichever event woke it."""

from airflow.sdk import task

from chorus.orchestration import pools


@task(task_id="load", pool=pools.WAREHOUSE.pool)
def load_star() -> dict[str, int]:
    """Load everything bronze marks pending; returns how many rows of what."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.silver import load_silver

    with open_warehouse() as (connection, settings):
        return load_silver(connection, settings, this_run())


@task(task_id="check", pool=pools.WAREHOUSE.pool)
def check_star() -> None:
    """Fail on rows that break a promise of the star; alone owns the asset."""
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.silver import check_silver

    with open_warehouse() as (connection, settings):
        check_silver(connection, settings)
