"""What conversations look like: how deep people talk, and which paths through a thread went far."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import dict_row

from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Row = dict[str, Any]


def comment_depths(
    connection: Connection, *, visibilities: Sequence[str], source: str | None, most: int
) -> list[Row]:
    """Of every community, and of the `most` deepest threads."""
    return _ask(
        connection, "comment_depths", visibilities=list(visibilities), source=source, most=most
    )


def viral_chains(
    connection: Connection,
    *,
    min_depth: int,
    min_engagement: int,
    visibilities: Sequence[str],
    source: str | None,
    most: int,
) -> list[Row]:
    """The longest first, then the strongest."""
    return _ask(
        connection,
        "viral_chains",
        min_depth=min_depth,
        min_engagement=min_engagement,
        visibilities=list(visibilities),
        source=source,
        most=most,
    )


def _ask(connection: Connection, question: str, **values: Any) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(render(f"gold/threads/{question}.sql"), values).fetchall()
