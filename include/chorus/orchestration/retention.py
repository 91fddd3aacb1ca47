"""The tasks of ops_retention."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from airflow.sdk import task

from chorus.orchestration.pools import WAREHOUSE
from chorus.orchestration.warehouse import with_db_retry

if TYPE_CHECKING:
    from chorus.warehouse.parquet import Place


def archive_at(address: str) -> "Place":
    """Airflow's path, which knows its connections; where no provider serves such an address, fsspec as it is."""
    from airflow.sdk import ObjectStoragePath
    from airflow.sdk.io import has_fs
    from upath import UPath

    scheme = urlsplit(address).scheme or "file"
    return ObjectStoragePath(address) if has_fs(scheme) else UPath(address)


@task(pool=WAREHOUSE.pool)
@with_db_retry
def retain() -> dict[str, int]:
    """One pass over everything that has an age; returns how much of what left."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.retention import retain as let_leave
    from chorus.pipelines.runs import close_run, open_run, step

    run = this_run()
    with open_warehouse() as (connection, settings):
        open_run(connection, settings, run)
        try:
            with step(connection, run, "retain") as counts:
                archive = archive_at(settings.archive_address)
                counts.update(let_leave(connection, settings, archive))
        finally:
            close_run(connection, run)
    return dict(counts)


@task
def forget_logs() -> dict[str, int]:
    """Remove the old logs of tasks on the machine where it runs; returns how many, and how large they are."""
    import logging
    from pathlib import Path

    from airflow.sdk.configuration import conf

    from chorus.config import load_settings
    from chorus.orchestration.logs import bind_run
    from chorus.pipelines.old_logs import forget_logs as forget

    bind_run()
    dry_run = load_settings().retention_dry_run
    folder = Path(str(conf.get("logging", "base_log_folder")))
    found = forget(folder, dry_run=dry_run)
    log = logging.getLogger(__name__)
    log.info("%s: %s %s", folder, "would remove" if dry_run else "removed", found)
    return found
