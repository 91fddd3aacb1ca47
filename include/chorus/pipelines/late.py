"""What came into a day after its hours were read: half a day later the day is read once more, as a whole.

A server files what it fetches late (a boost or an answer led to it) under the time at which it was written, and that
was read by then. The day is a run of its own in the warehouse, and travels like a window that was missed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.pipelines.missed import FOR_A_PERSON, MISSED_BY
from chorus.pipelines.readers import as_target
from chorus.pipelines.runs import open_run
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

SETTLED = timedelta(hours=12)
DAY = timedelta(days=1)


def list_late(
    connection: Connection,
    settings: Settings,
    dag_id: str,
    targets: Sequence[Mapping[str, Any]],
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """These timelines for the last day that is settled, where a schedule read it hour by hour and not again since."""
    known = {str(as_target(target)): target for target in targets if _is_worth_it(target)}
    if not known:
        return []
    settled = (now or datetime.now(UTC)).astimezone(UTC) - SETTLED
    until = datetime.combine(settled.date(), time(), UTC)
    day = Window(until - DAY, until)
    run = f"{dag_id}/day__{day.since:%Y-%m-%d}"
    values = {
        "dag_id": dag_id,
        "again": run,
        "since": day.since,
        "until": day.until,
        "for_a_person": [error.__name__ for error in FOR_A_PERSON],
    }
    rows = connection.execute(render("bronze/pipeline_steps/read_early.sql", settings), values)
    late = [known[str(name)] for (name,) in rows if name in known]
    if late:
        open_run(connection, settings, run, source=str(late[0]["source"]), window=day)
    by = {"run": run, "since": day.since.isoformat(), "until": day.until.isoformat()}
    return [{**target, MISSED_BY: by} for target in late]


def _is_worth_it(target: Mapping[str, Any]) -> bool:
    """A tag is a few pages a day. A whole timeline of a large server would hold up the hour that reads it."""
    return (target["source"], target.get("timeline")) == ("mastodon", "hashtag")
