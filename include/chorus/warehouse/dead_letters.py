"""bronze.dead_letters: what could not be taken in, whole, with the reason and the run."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row

from chorus.domain.events import Rejected, json_or_bytes
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which open letters a person asks for; all where nothing is said. `since` and `until` bound when they were met."""

    reason: str | None = None
    stage: str | None = None
    source: str | None = None
    run: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An open letter as it lies there."""

    id: int
    stage: str
    source: str | None
    source_id: str | None
    instance: str | None
    event_type: str | None
    post_id: str | None
    occurred_at: datetime | None
    raw_event_id: UUID | None
    observed_at: datetime | None
    last_seen_at: datetime | None
    created_at: datetime
    last_tried_at: datetime
    payload: Any
    payload_raw: bytes | None


def write(
    connection: Connection, letters: Iterable[Rejected], run_id: str, *, stage: str
) -> int:
    """Keep the letters, in the caller's transaction; one that lies there already is one more try."""
    rows = [_row(letter, run_id, stage) for letter in letters]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(render("bronze/dead_letters/insert.sql"), rows)
    return len(rows)


def choose(connection: Connection, wanted: Wanted) -> list[dict[str, Any]]:
    """The open letters that are asked for, oldest first, without what they hold."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            render("bronze/dead_letters/choose.sql"), asdict(wanted)
        ).fetchall()


def take(connection: Connection, ids: Sequence[int]) -> list[Letter]:
    """Those of these that are still open, whole; nobody else gets them while this transaction lives."""
    with connection.cursor(row_factory=class_row(Letter)) as cursor:
        return cursor.execute(
            render("bronze/dead_letters/take.sql"), {"ids": list(ids)}
        ).fetchall()


def mark_replayed(connection: Connection, ids: Sequence[int]) -> None:
    connection.execute(render("bronze/dead_letters/mark_replayed.sql"), {"ids": list(ids)})


def discard(connection: Connection, ids: Sequence[int]) -> int:
    """Give letters up, in the caller's transaction; returns how many were still open."""
    statement = render("bronze/dead_letters/discard.sql")
    return connection.execute(statement, {"ids": list(ids)}).rowcount


def _row(letter: Rejected, run_id: str, stage: str) -> dict[str, object]:
    payload, payload_raw = json_or_bytes(letter.payload)
    return {
        "stage": stage,
        "source": letter.source,
        "source_id": letter.source_id,
        "instance": letter.instance,
        "event_type": letter.event_type,
        "post_id": letter.post_id,
        "occurred_at": letter.occurred_at,
        "raw_event_id": letter.raw_event_id,
        "observed_at": letter.observed_at,
        "payload": payload,
        "payload_raw": payload_raw,
        "error_class": letter.error_class,
        "error": letter.error,
        "run_id": run_id,
    }
