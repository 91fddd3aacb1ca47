"""bronze.dead_letters: what could not be taken in, whole, with the reason and the run."""

from collections.abc import Iterable

from chorus.domain.events import Rejected, json_or_bytes
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


def write(
    connection: Connection, letters: Iterable[Rejected], run_id: str, *, stage: str
) -> int:
    """Keep the letters, in the caller's transaction; one that lies there already is one more try."""
    rows = [_row(letter, run_id, stage) for letter in letters]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(render("bronze/dead_letters/insert.sql"), rows)
    return len(rows)


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
        "payload": payload,
        "payload_raw": payload_raw,
        "error_class": letter.error_class,
        "error": letter.error,
        "run_id": run_id,
    }
