"""bronze.raw_events: what is new by COPY; the rest by COPY into a staging table and one upsert by its identity."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import psycopg

from chorus.domain.events import RawEvent
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Cursor = psycopg.Cursor[tuple[object, ...]]

# On the wire jsonb is a version and the text: sent as a text, since psycopg would quote one that is JSON already.
JSONB_VERSION = "\x01"
TYPES = (
    "uuid",
    "timestamptz",
    "text",
    "text",
    "text",
    "text",
    "text",
    "text",
    "bytea",
    "timestamptz",
    "timestamptz",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: payloads nobody had seen, and others."""

    new: int = 0
    seen_again: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.new + other.new, self.seen_again + other.seen_again)


class _Span(NamedTuple):
    """One payload of a batch, from its first look to its last."""

    event: RawEvent
    first: datetime
    last: datetime

    def including(self, moment: datetime) -> "_Span":
        return self._replace(first=min(self.first, moment), last=max(self.last, moment))


def store(connection: Connection, events: Iterable[RawEvent], run_id: str) -> Stored:
    """Take the events in, in the caller's transaction; the same ones again change nothing."""
    spans = _spans(events)
    if not spans:
        return Stored()
    weeks = sorted({_monday(span.event.occurred_at) for span in spans})
    instances = sorted({f"{span.event.source} {span.event.instance}" for span in spans})
    with connection.cursor() as cursor:
        cursor.execute(render("bronze/raw_events/ensure_weeks.sql"), {"weeks": weeks})
        cursor.execute(render("bronze/raw_events/lock_instances.sql"), {"instances": instances})
        seen_before = _seen_before(cursor, spans)
        others = [span for place, span in enumerate(spans, 1) if place not in seen_before]
        _copy(cursor, "copy", (*TYPES, "text"), ((*_row(span), run_id) for span in others))
        stored = Stored(new=len(others))
        if seen_before:
            stored += _compare(cursor, [spans[place - 1] for place in seen_before], run_id)
    return stored


def _seen_before(cursor: Cursor, spans: Sequence[_Span]) -> dict[int, None]:
    """The places, from 1 and in order, of those whose things are stored already."""
    events = [span.event for span in spans]
    values = {
        "sources": [event.source for event in events],
        "instances": [event.instance for event in events],
        "post_ids": [event.post_id for event in events],
        "occurred_ats": [event.occurred_at.isoformat() for event in events],
    }
    as_json = {name: json.dumps(listed) for name, listed in values.items()}
    cursor.execute(render("bronze/raw_events/find_stored.sql"), as_json)
    return dict.fromkeys(sorted(int(str(place)) for (place,) in cursor))


def _compare(cursor: Cursor, spans: Sequence[_Span], run_id: str) -> Stored:
    """Take in payloads of things that were seen before, by what was seen of each."""
    cursor.execute(render("bronze/raw_events/make_staging.sql"))
    cursor.execute("truncate raw_events_staging")
    _copy(cursor, "stage", TYPES, map(_row, spans))
    cursor.execute(render("bronze/raw_events/revive.sql"), {"run_id": run_id})
    cursor.execute(render("bronze/raw_events/upsert.sql"), {"run_id": run_id})
    new, known = cursor.fetchone() or (0, 0)
    return Stored(int(str(new)), int(str(known)))


def _copy(
    cursor: Cursor, statement: str, types: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    with cursor.copy(render(f"bronze/raw_events/{statement}.sql")) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _spans(events: Iterable[RawEvent]) -> list[_Span]:
    spans: dict[tuple[int, datetime], _Span] = {}
    for event in events:
        key = (event.id.int, event.occurred_at)
        seen = event.observed_at
        known = spans.get(key)
        spans[key] = known.including(seen) if known else _Span(event, seen, seen)
    return list(spans.values())


def _monday(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _row(span: _Span) -> tuple[object, ...]:
    event = span.event
    return (
        event.id,
        event.occurred_at,
        event.source,
        event.source_id,
        event.event_type,
        JSONB_VERSION + event.payload_json,
        event.instance,
        event.post_id,
        event.payload_hash,
        span.first,
        span.last,
    )
