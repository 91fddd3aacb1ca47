"""The task of ops_retention."""

from airflow.sdk import task

from chorus.orchestration.pools import WAREHOUSE
from chorus.orchestration.warehouse import with_db_retry


@task(pool=WAREHOUSE.pool)
@with_db_retry
def retain() -> dict[str, int]:
    """One pass over everything that has an age; returns how much of what left."""
    from airflow.sdk import ObjectStoragePath

    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.retention import retain as let_leave
    from chorus.pipelines.runs import close_run, open_run, step

    run = this_run()
    with open_warehouse() as (connection, settings):
        open_run(connection, settings, run)
        try:
            with step(connection, run, "retain") as counts:
                archive = ObjectStoragePath(settings.archive_address)
                counts.update(let_leave(connection, settings, archive))
        finally:
            close_run(connection, run)
    return dict(counts)
