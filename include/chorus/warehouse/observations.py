"""Raw events that wait for transform, and the observations it makes of them.

Nothing here commits: whoever claims also writes and marks, in one transaction.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

JSON_COLUMNS = frozenset({"tags", "mentions", "media"})

Key = tuple[UUID, datetime]
Rejection = tuple[UUID, datetime, str, str]


def claim(connection: Connection, settings: Settings, batch_size: int) -> list[tuple[Any, ...]]:
    """The next raw events nobody has transformed; nobody else gets them while this transaction lives."""
    statement = render("bronze/raw_events/claim.sql", settings)
    return connection.execute(statement, {"batch_size": batch_size}).fetchall()


def await_others(connection: Connection, settings: Settings) -> bool:
    """Whether there is one that nobody holds any more; until that is known, who holds them is waited for."""
    statement = render("bronze/raw_events/await_others.sql", settings)
    return connection.execute(statement).fetchone() is not None


def mark_processed(connection: Connection, settings: Settings, keys: Sequence[Key]) -> None:
    ids, occurred_ats = zip(*keys, strict=True)
    connection.execute(
        render("bronze/raw_events/mark_processed.sql", settings),
        {
            "ids": list(ids),
            "occurred_ats": list(occurred_ats),
            "first": min(occurred_ats),
            "last": max(occurred_ats),
        },
    )


def reject(
    connection: Connection, settings: Settings, run_id: str, letters: Sequence[Rejection]
) -> None:
    """Send raw events to dead_letters, each with what is wrong with it."""
    if not letters:
        return
    ids, occurred_ats, error_classes, errors = zip(*letters, strict=True)
    connection.execute(
        render("bronze/raw_events/mark_rejected.sql", settings),
        {
            "ids": list(ids),
            "occurred_ats": list(occurred_ats),
            "error_classes": list(error_classes),
            "errors": list(errors),
            "pipeline_run_id": run_id,
        },
    )


def stage_posts(
    connection: Connection,
    settings: Settings,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Hand cleaned posts to this connection's staging table."""
    connection.execute(render("bronze/post_observations/stage.sql", settings))
    connection.execute("truncate pg_temp.staged_posts")
    _copy(connection, "staged_posts", columns, rows)
    if settings.redact_deleted:
        connection.execute(render("bronze/post_observations/leave_redacted.sql", settings))


def insert_posts(connection: Connection, settings: Settings, run_id: str) -> list[str]:
    """Write the staged posts as observations; the addresses of those that are new or changed."""
    statement = render("bronze/post_observations/insert.sql", settings)
    return _addresses(connection.execute(statement, {"pipeline_run_id": run_id}).fetchall())


def repeat_posts(
    connection: Connection,
    settings: Settings,
    run_id: str,
    looks: Sequence[tuple[UUID, datetime | None]],
) -> dict[UUID, str]:
    """One more look each at posts whose payload was emptied; the addresses of those that are known."""
    ids, seen_again_ats = zip(*looks, strict=True)
    rows = connection.execute(
        render("bronze/post_observations/repeat.sql", settings),
        {"ids": list(ids), "seen_again_ats": list(seen_again_ats), "pipeline_run_id": run_id},
    ).fetchall()
    return dict(rows)  # type: ignore[arg-type]


def count_duplicates(connection: Connection, settings: Settings) -> int:
    """How many of the staged posts say word for word what another post says."""
    statement = render("bronze/post_observations/count_duplicates.sql", settings)
    [(number,)] = connection.execute(statement).fetchall()
    return int(str(number))


def insert_accounts(
    connection: Connection,
    settings: Settings,
    run_id: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> list[str]:
    """Write cleaned accounts as observations; the addresses of those that are new or changed."""
    connection.execute(render("bronze/account_observations/stage.sql", settings))
    connection.execute("truncate pg_temp.staged_accounts")
    _copy(connection, "staged_accounts", columns, rows)
    statement = render("bronze/account_observations/insert.sql", settings)
    return _addresses(connection.execute(statement, {"pipeline_run_id": run_id}).fetchall())


def _addresses(written: Iterable[tuple[object, ...]]) -> list[str]:
    """Those that they have, and those that they had."""
    return [str(uri) for row in written for uri in dict.fromkeys(row) if uri is not None]


def _copy(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    into = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier("pg_temp", table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    json_at = [place for place, column in enumerate(columns) if column in JSON_COLUMNS]
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            values = list(row)
            for place in json_at:
                values[place] = json.dumps(values[place]) if values[place] else "[]"
            copy.write_row(values)
