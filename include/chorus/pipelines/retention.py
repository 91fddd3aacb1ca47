"""Retention: what is old leaves, each kind by its own age; what is archived is verified before it leaves.

Raw events are hot for 90 days, warm (without the index that only writers need) to a year, then Parquet in the archive.
Observations, silver and gold stay. Each step commits by itself and may begin again anywhere.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psycopg import errors

from chorus.config import Settings
from chorus.pipelines.archive import archive_week, discard_older
from chorus.warehouse import raw_weeks
from chorus.warehouse.connection import Connection
from chorus.warehouse.one_at_a_time import ARCHIVE, one_at_a_time
from chorus.warehouse.parquet import Place
from chorus.warehouse.raw_weeks import Week
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)

HOT = timedelta(days=90)
WARM = timedelta(days=365)
RESTORED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Removal:
    """One statement, and how old what it removes is, by the names of its binds."""

    what: str
    file: str
    ages: dict[str, timedelta]


REMOVALS = (
    Removal(
        "snapshots",
        "silver/post_metric_snapshots/thin.sql",
        {"hourly_before": timedelta(days=7), "daily_before": timedelta(days=30)},
    ),
    Removal(
        "dead_letters", "bronze/dead_letters/remove_old.sql", {"before": timedelta(days=90)}
    ),
    Removal(
        "stream_events", "bronze/stream_events/remove_old.sql", {"before": timedelta(days=14)}
    ),
    Removal("run_details", "bronze/pipeline_runs/thin.sql", {"before": timedelta(days=400)}),
    Removal(
        "run_steps", "bronze/pipeline_steps/remove_old.sql", {"before": timedelta(days=400)}
    ),
)


def retain(
    connection: Connection,
    settings: Settings,
    archive: Place,
    *,
    now: datetime | None = None,
    dry_run: bool | None = None,
) -> Counter[str]:
    """One pass; returns how much of what left, or would leave where RETENTION_DRY_RUN is set."""
    now = now or datetime.now(UTC)
    dry_run = settings.retention_dry_run if dry_run is None else dry_run
    counts: Counter[str] = Counter()
    with one_at_a_time(connection, ARCHIVE) as is_the_only_one:
        if not is_the_only_one:
            log.warning("Another retention pass runs; this one leaves it alone.")
            return counts
        for removal in REMOVALS:
            counts[removal.what] = _remove(connection, settings, removal, now, dry_run=dry_run)
        weeks = raw_weeks.read_weeks(connection, settings)
        # What a week becomes is kept at once: in a transaction that is open already it would hang on the next week.
        connection.commit()
        for week in weeks:
            for what, many in _move(
                connection, settings, archive, week, now, dry_run=dry_run
            ).items():
                counts[what] += many
    said = ", ".join(f"{many} {what}" for what, many in counts.items() if many)
    log.info("%s: %s", "Would leave" if dry_run else "Left", said or "nothing")
    return counts


def _remove(
    connection: Connection,
    settings: Settings,
    removal: Removal,
    now: datetime,
    *,
    dry_run: bool,
) -> int:
    moments = {name: now - age for name, age in removal.ages.items()}
    removed = connection.execute(render(removal.file, settings), moments).rowcount
    # Counted by doing it, so that a dry run tells the truth.
    if dry_run:
        connection.rollback()
    else:
        connection.commit()
    return removed


def _move(
    connection: Connection,
    settings: Settings,
    archive: Place,
    week: Week,
    now: datetime,
    *,
    dry_run: bool,
) -> dict[str, int]:
    """Take one week where its age wants it; returns how many weeks became what."""
    if week.generation is not None and not dry_run:
        discard_older(archive, week, week.generation)
    if not week.is_kept or week.has_pending:
        return {}
    age = now - week.ended_at
    if _was_restored_lately(week, now):
        return {}
    if age > WARM:
        done = dry_run or archive_week(connection, settings, archive, week)
        return {"weeks_archived" if done else "weeks_in_use": 1}
    if age > HOT and week.is_hot:
        done = dry_run or _cool(connection, settings, week)
        return {"weeks_cooled" if done else "weeks_in_use": 1}
    return {}


def _was_restored_lately(week: Week, now: datetime) -> bool:
    return week.restored_at is not None and now - week.restored_at < RESTORED


def _cool(connection: Connection, settings: Settings, week: Week) -> bool:
    try:
        with connection.transaction():
            return raw_weeks.cool(connection, settings, week)
    except errors.LockNotAvailable:
        log.info("Week %s is in use; it cools at the next pass.", week.name)
        return False
