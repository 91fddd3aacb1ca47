"""Marks what was taken in before as pending again: raw events for transform, posts for models, both for silver."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Marked = dict[str, int]


def raw_events(
    connection: Connection, settings: Settings, keys: Sequence[tuple[UUID, datetime]]
) -> set[UUID]:
    """Those of these raw events that are still kept wait for transform again."""
    if not keys:
        return set()
    ids, occurred_ats = zip(*keys, strict=True)
    rows = connection.execute(
        render("bronze/raw_events/requeue.sql", settings),
        {
            "ids": list(ids),
            "occurred_ats": list(occurred_ats),
            "first": min(occurred_ats),
            "last": max(occurred_ats),
        },
    )
    marked = {UUID(str(found)) for (found,) in rows}
    _warm(connection, settings)
    return marked


def raw_events_of_span(
    connection: Connection,
    settings: Settings,
    span: Window,
    source: str | None,
    *,
    really: bool,
) -> Marked:
    """Posts created in the span, and accounts seen in it; how many of what, marked or only counted."""
    first = span.since.astimezone(UTC).date()
    monday = datetime.combine(first - timedelta(days=first.weekday()), time(), UTC)
    values = {
        "since": span.since,
        "until": span.until,
        "monday": monday,
        "source": source,
        "really": really,
    }
    return _marked(connection, settings, "bronze/raw_events/requeue_span.sql", values)


def raw_events_of_run(
    connection: Connection, settings: Settings, run: str, *, really: bool
) -> Marked:
    """What a run read or took in; how many of what, marked or only counted."""
    values = {"run": run, "really": really}
    return _marked(connection, settings, "bronze/raw_events/requeue_run.sql", values)


def moods_of_span(
    connection: Connection,
    settings: Settings,
    span: Window,
    source: str | None,
    model_keys: Sequence[str],
    *,
    really: bool,
) -> Marked:
    """Posts created in the span wait for these models again; how many, marked or only counted."""
    values = {
        "since": span.since,
        "until": span.until,
        "source": source,
        "visibilities": list(settings.include_visibilities),
        "model_keys": list(model_keys),
        "really": really,
    }
    row = connection.execute(
        render("bronze/posts_to_score/enqueue_span.sql", settings), values
    ).fetchone()
    assert row is not None  # noqa: S101 - a count
    return {"posts to score": int(str(row[0]))}


def silver_of_span(
    connection: Connection,
    settings: Settings,
    span: Window,
    source: str | None,
    *,
    really: bool,
) -> Marked:
    """Posts created in the span and their authors wait for silver again; how many, marked or only counted."""
    with connection.cursor(row_factory=dict_row) as cursor:
        [counted] = cursor.execute(
            render("bronze/posts_to_load/enqueue_span.sql", settings),
            {"since": span.since, "until": span.until, "source": source, "really": really},
        ).fetchall()
    return {f"{name} to load": int(counted[name]) for name in ("posts", "accounts")}


def _marked(
    connection: Connection, settings: Settings, file: str, values: Mapping[str, object]
) -> Marked:
    rows = connection.execute(render(file, settings), values).fetchall()
    if values["really"]:
        _warm(connection, settings)
    return {f"{source} {kind}": int(str(events)) for source, kind, events in rows}


def _warm(connection: Connection, settings: Settings) -> None:
    """Give old weeks the index back that claiming needs, as a late row would."""
    pending = connection.execute(
        render("bronze/raw_events/pending_weeks.sql", settings)
    ).fetchall()
    connection.execute(
        render("bronze/raw_events/ensure_weeks.sql", settings),
        {"weeks": [week for (week,) in pending]},
    )
