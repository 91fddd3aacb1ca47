"""# Ops · Retention

Lets what is old leave, each kind by its own age, so that the warehouse does not grow for ever.

| | |
|---|---|
| Runs | every day |
| Raw events | hot for 90 days; then without the index that only writers need; after a year as Parquet under `ARCHIVE_DIR`, read again and compared before the partition goes |
| Snapshots of counts | all for 7 days, the last of each hour for 30, the last of each day for ever |
| Forgets | replayed or discarded dead letters after 90 days, stream events that were taken in after 14, details and steps of runs after 400; logs of tasks after 30, on the machine where `forget_logs` runs |
| Keeps | observations, silver, gold, and dead letters that nobody replayed or discarded |
| Twice | changes nothing; killed anywhere, the next run goes on |
| First | only counts, until `RETENTION_DRY_RUN=false`: the log of `retain` says what would leave |

**When it fails**

- `WarehouseUnavailable` tries again by itself.
- `ArchiveDamaged` names a file under `ARCHIVE_DIR` that is gone or is not what was written. Nothing was dropped; put the file back from a copy.
- A week that somebody writes to is left for the next day, and one with raw events that are not transformed until they are; the log says which.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import LATER_DEFAULTS
from chorus.orchestration.retention import forget_logs, retain


@dag(
    schedule=CronTriggerTimetable("40 3 * * *", timezone="UTC"),
    deadline=deadline(timedelta(hours=3)),
    tags=["ops"],
    doc_md=__doc__,
    **LATER_DEFAULTS,
)
def ops_retention() -> None:
    retain.override(execution_timeout=timedelta(hours=6))()
    forget_logs()


ops_retention()
