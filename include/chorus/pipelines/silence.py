"""When something was last ingested, and how long nothing need be: what the rule, `chorus slo` and the exporter go by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True, slots=True)
class LastReading:
    """A moment is None where nothing ever did."""

    ended_at: datetime | None
    began_at: datetime | None


@dataclass(frozen=True, slots=True)
class UsualWindow:
    source: str
    length: timedelta
    is_read: bool


def last_reading(connection: Connection, settings: Settings) -> LastReading:
    """When the last window was read, and when the first of all was begun."""
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render("ops/watch/silence.sql", settings))
        [row] = cursor.fetchall()
    return LastReading(**row)


def usual_windows(connection: Connection, settings: Settings) -> list[UsualWindow]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render("ops/watch/usual_windows.sql", settings))
        return [
            UsualWindow(row["source"], timedelta(seconds=float(row["seconds"])), row["is_read"])
            for row in cursor
        ]


def longest_wait(usual: timedelta, settings: Settings) -> timedelta:
    """Two windows, for the next one is only read when it is over; and never less than what may be silent."""
    return max(2 * usual, settings.thresholds.silent)


def longest_silence(connection: Connection, settings: Settings) -> timedelta:
    """Two windows of what reads most often here: others may read rarely, but then this one is still heard."""
    read = [usual.length for usual in usual_windows(connection, settings) if usual.is_read]
    return longest_wait(min(read, default=timedelta(0)), settings)
