"""bronze.raw_events: a batch by COPY into a staging table, then one upsert by the identity of its payloads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from chorus.domain.events import RawEvent
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

# On the wire jsonb is a version and the text: sent as bytes, since psycopg would quote a text that is JSON already.
JSONB_VERSION = b"\x01"
TYPES = (
    "uuid",
    "timestamptz",
    "text",
    "text",
    "text",
    "bytea",
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


@dataclass(frozen=True, slots=True)
class _Span:
    """One payload of a batch, from its first look to its last."""

    event: RawEvent
    first: datetime
    last: datetime

    def including(self, moment: datetime) -> "_Span":
        return replace(self, first=min(self.first, moment), last=max(self.last, moment))


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
        cursor.execute(render("bronze/raw_events/make_staging.sql"))
        cursor.execute("truncate raw_events_staging")
        with cursor.copy(render("bronze/raw_events/stage.sql")) as copy:
            copy.set_types(TYPES)
            for span in spans:
                copy.write_row(_row(span))
        cursor.execute(render("bronze/raw_events/revive.sql"), {"run_id": run_id})
        cursor.execute(render("bronze/raw_events/upsert.sql"), {"run_id": run_id})
        new, known = cursor.fetchone() or (0, 0)
    return Stored(int(str(new)), int(str(known)))


def _spans(events: Iterable[RawEvent]) -> list[_Span]:
    spans: dict[tuple[UUID, datetime], _Span] = {}
    for event in events:
        key = (event.id, event.occurred_at)
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
        JSONB_VERSION + event.payload_json.encode(),
        event.instance,
        event.post_id,
        event.payload_hash,
        span.first,
        span.last,
    )
