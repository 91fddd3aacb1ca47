"""The weeks of bronze.raw_events: which are hot, warm, archived, and what takes them from one to the next.

Nothing here commits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from psycopg.rows import class_row

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.parquet import BATCH_SIZE, Row, for_postgresql
from chorus.warehouse.statements import render

# jsonb goes as bytes, a version and the text: psycopg would quote a text that is JSON already.
TYPES = (
    *("uuid", "timestamptz", "text", "text", "text", "bytea", "timestamptz", "bool"),
    *("timestamptz", "text", "text", "bytea", "timestamptz", "timestamptz", "text"),
)
ID, PAYLOAD = 0, 5
JSONB_VERSION = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of raw events, in the warehouse (kept), in the archive (with a generation), or in both."""

    week: date
    is_kept: bool
    is_hot: bool
    has_pending: bool
    generation: int | None
    file: str | None
    rows: int | None
    checksum: Decimal | None
    digest: bytes | None
    bytes: int | None
    archived_at: datetime | None
    restored_at: datetime | None

    @property
    def ended_at(self) -> datetime:
        return datetime.combine(self.week + timedelta(days=7), datetime.min.time(), UTC)

    @property
    def name(self) -> str:
        return f"{self.week:%G}w{self.week:%V}"


@dataclass(frozen=True, slots=True)
class Checksum:
    """How many raw events a relation holds, and their checksum as PostgreSQL makes it."""

    rows: int
    checksum: Decimal


def read_weeks(connection: Connection, settings: Settings) -> list[Week]:
    """Every week there is, the oldest first."""
    with connection.cursor(row_factory=class_row(Week)) as cursor:
        return cursor.execute(render("ops/archived_weeks/read.sql", settings)).fetchall()


def partition(settings: Settings, week: Week) -> str:
    return f"{settings.bronze_database_schema_name}.raw_events_{week.name}"


def checksum(connection: Connection, settings: Settings, relation: str) -> Checksum:
    statement = render("bronze/raw_events/checksum.sql", settings)
    [(rows, total)] = connection.execute(statement, {"relation": relation}).fetchall()
    return Checksum(int(str(rows)), Decimal(str(total)))


def export(connection: Connection, settings: Settings, relation: str) -> Iterator[list[Row]]:
    """The rows of a relation in the order of its file, a batch at a time."""
    statement = render("bronze/raw_events/export.sql", settings, relation=relation)
    with connection.cursor(name="raw_events_export", binary=True) as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(BATCH_SIZE):
            yield batch


def stage(connection: Connection, settings: Settings, batches: Iterable[list[Row]]) -> Checksum:
    """Read rows of the archive into this transaction's `archived_events`."""
    connection.execute("drop table if exists archived_events")
    connection.execute(render("bronze/raw_events/make_archived.sql", settings))
    with (
        connection.cursor() as cursor,
        cursor.copy(render("bronze/raw_events/copy_archived.sql", settings)) as copy,
    ):
        copy.set_types(TYPES)
        for batch in batches:
            for row in batch:
                values = list(for_postgresql(row))
                values[ID] = UUID(values[ID])
                values[PAYLOAD] = JSONB_VERSION + values[PAYLOAD].encode()
                copy.write_row(values)
    return checksum(connection, settings, "pg_temp.archived_events")


def merge_staged(connection: Connection, settings: Settings, week: Week) -> None:
    """Put what was staged back into its week, beside what came later."""
    connection.execute(
        render("bronze/raw_events/ensure_weeks.sql", settings), {"weeks": [week.week]}
    )
    connection.execute(render("bronze/raw_events/merge_archived.sql", settings))


def cool(connection: Connection, settings: Settings, week: Week) -> bool:
    return _asked(connection, settings, "cool_week", {"week": week.week})


def release(connection: Connection, settings: Settings, week: Week, held: Checksum) -> bool:
    """Drop the week, if it still holds exactly what was archived; False where it does not."""
    values = {"week": week.week, "rows": held.rows, "checksum": held.checksum}
    return _asked(connection, settings, "release_week", values)


def _asked(
    connection: Connection, settings: Settings, file: str, values: dict[str, object]
) -> bool:
    statement = render(f"bronze/raw_events/{file}.sql", settings)
    [(answer,)] = connection.execute(statement, values).fetchall()
    return bool(answer)
