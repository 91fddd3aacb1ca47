"""ops.source_state: what all tasks know together about one instance, one small transaction at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from psycopg.rows import tuple_row

from chorus.domain.pace import Pace
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Result = TypeVar("Result")
# Field of a Pace -> column, in the order in which lock.sql gives them.
COLUMNS = {
    "breaker": "breaker",
    "failures_in_a_row": "failures_in_a_row",
    "opened_at": "opened_at",
    "last_error": "last_error",
    "limit": "rate_limit",
    "remaining": "rate_remaining",
    "resets_at": "rate_reset_at",
    "next_request_at": "next_request_at",
    "last_success_at": "last_success_at",
}


def change(
    connection: Connection,
    source: str,
    instance: str,
    decide: Callable[[Pace, datetime], tuple[Pace, Result]],
    took: timedelta | None = None,
) -> Result:
    """Let `decide` see what is known and the warehouse's clock; what it makes of it is known from then on.

    `took` is how long the request lasted that this is about.
    """
    names = {"source": source, "instance": instance}
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(render("ops/source_state/lock.sql"), names)
        now, *known = cursor.fetchone() or ()
        before = Pace(**dict(zip(COLUMNS, known, strict=True)))
        after, result = decide(before, now)
        if after != before or took is not None:
            written = {column: getattr(after, field) for field, column in COLUMNS.items()}
            spent = {
                "requests": int(took is not None),
                "request_seconds": (took or timedelta(0)).total_seconds(),
            }
            cursor.execute(render("ops/source_state/save.sql"), {**names, **written, **spent})
    return result


class Software(NamedTuple):
    """What an instance was last seen to run; one that was not seen lately is asked again."""

    name: str
    is_fresh: bool


def software(connection: Connection, source: str, instance: str) -> Software | None:
    names = {"source": source, "instance": instance}
    with connection.cursor() as cursor:
        row = cursor.execute(render("ops/source_state/software.sql"), names).fetchone()
    return None if row is None else Software(str(row[0]), bool(row[1]))


def remember_software(
    connection: Connection, source: str, instance: str, software: str
) -> None:
    names = {"source": source, "instance": instance, "software": software}
    connection.execute(render("ops/source_state/save_software.sql"), names)
