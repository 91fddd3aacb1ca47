"""Weeks of raw events in the archive: written, verified and only then let go of; brought back; listed.

A file is never changed: late rows are merged into a new generation of it. What `ops.archived_weeks` names is a file that
was verified, so a process that dies anywhere in between leaves the rows in the warehouse, in the archive, or in both.
"""

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from psycopg import errors

from chorus.config import Settings
from chorus.domain.errors import ArchiveDamaged, ConfigurationError
from chorus.warehouse import parquet, raw_weeks
from chorus.warehouse.connection import Connection
from chorus.warehouse.one_at_a_time import ARCHIVE, one_at_a_time
from chorus.warehouse.parquet import Place
from chorus.warehouse.raw_weeks import Checksum, Week
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)

FILE = re.compile(r"raw_events_(?P<year>\d{4})w(?P<week>\d\d)\.(?P<generation>\d+)\.parquet")


def archive_week(
    connection: Connection, settings: Settings, archive: Place, week: Week
) -> bool:
    """Move one week to the archive; False where somebody wrote to it meanwhile, so that it stays for the next pass."""
    connection.commit()
    if week.generation is not None:  # reopened by a late row, or restored: one file again
        _bring_back(connection, settings, archive, week)
    file = archive / file_name(week, (week.generation or 0) + 1)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        held = write_verified(connection, settings, file, raw_weeks.partition(settings, week))
    if not _let_go(connection, settings, week, file, held):
        log.info("Week %s is in use; it is archived at the next pass.", week.name)
        return False
    discard_older(archive, week, (week.generation or 0) + 1)
    return True


def discard_older(archive: Place, week: Week, generation: int) -> None:
    """Remove the file that a generation replaced; also the one that a killed process left."""
    if generation > 1:
        (archive / file_name(week, generation - 1)).unlink(missing_ok=True)


def restore_week(connection: Connection, settings: Settings, archive: Place, week: Week) -> int:
    """Bring one week back into bronze.raw_events, equal to what was archived; returns its rows."""
    with one_at_a_time(connection, ARCHIVE, wait=True):
        rows = _bring_back(connection, settings, archive, week)
        connection.execute(
            render("ops/archived_weeks/restored.sql", settings), {"week": week.week}
        )
        connection.commit()
    return rows


def find_week(connection: Connection, settings: Settings, name: str) -> Week:
    """The archived week of that name, as in 2025w07."""
    archived = [
        week
        for week in raw_weeks.read_weeks(connection, settings)
        if week.generation is not None
    ]
    for week in archived:
        if week.name == name.lower():
            return week
    known = ", ".join(week.name for week in archived) or "none"
    raise ConfigurationError(f"The week {name} is not in the archive; these are: {known}.")


def file_name(week: Week, generation: int) -> str:
    return f"raw_events_{week.name}.{generation}.parquet"


def write_verified(
    connection: Connection, settings: Settings, file: Place, relation: str
) -> tuple[Checksum, parquet.Contents]:
    """Write a relation to a file and read it again; what differs in anything is no archive."""
    held = raw_weeks.checksum(connection, settings, relation)
    rows = raw_weeks.export(connection, settings, relation)
    written = parquet.write(file, rows, {"chorus.checksum": str(held.checksum)})
    if written.rows != held.rows or parquet.measure(file) != written:
        raise ArchiveDamaged(
            f"{file} does not hold what was written to it; the week stays in the warehouse: look at that disk or bucket."
        )
    return held, written


def stage_verified(
    connection: Connection, settings: Settings, archive: Place, week: Week
) -> Checksum:
    """Read a week of the archive into `archived_events`; raises ArchiveDamaged where it is not what was archived."""
    file = archive / str(week.file)
    try:
        staged = raw_weeks.stage(connection, settings, parquet.read(file))
    except FileNotFoundError as error:
        raise ArchiveDamaged(f"{file} is gone; put it back from a copy.") from error
    except OSError as error:
        raise ArchiveDamaged(
            f"{file} is damaged ({error}); put it back from a copy."
        ) from error
    if (staged.rows, staged.checksum) != (week.rows, week.checksum):
        raise ArchiveDamaged(
            f"{file} holds other rows than the {week.rows} that were archived; put it back from a copy."
        )
    return staged


def read_payloads(archive: Place, week: Week) -> Iterator[tuple[str, str, str]]:
    """Source, instance and payload of every raw event of a week, as they lie there."""
    file = archive / str(week.file)
    columns = [parquet.COLUMNS.index(name) for name in ("source", "instance", "payload")]
    try:
        for batch in parquet.read(file):
            for row in batch:
                source, instance, payload = (str(row[column]) for column in columns)
                yield source, instance, payload
    except OSError as error:
        raise ArchiveDamaged(
            f"{file} cannot be read ({error}); put it back from a copy."
        ) from error


def adopt(connection: Connection, settings: Settings, archive: Place) -> int:
    """Take over files that are newer than what the warehouse knows, as after an older backup was restored."""
    adopted = 0
    known = {
        week.week: week.generation or 0 for week in raw_weeks.read_weeks(connection, settings)
    }
    for file in parquet.files_in(archive):
        found = FILE.fullmatch(file.name)
        if found is None:
            continue
        week = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
        generation = int(found["generation"])
        if generation > known.get(week, 0):
            try:
                total = Decimal(parquet.read_notes(file)["chorus.checksum"])
                contents = parquet.measure(file)
            except (OSError, ValueError, KeyError) as error:
                # What a process left that was killed while it wrote: the week is in the warehouse still.
                log.warning("%s is no whole archive and is left alone: %s", file, error)
                continue
            _write_down(
                connection,
                settings,
                (week, generation),
                file,
                (Checksum(contents.rows, total), contents),
            )
            adopted += 1
    connection.commit()
    return adopted


def discard_unfinished(connection: Connection, settings: Settings, archive: Place) -> None:
    """Remove what a process left that was killed while it wrote: its week is in the warehouse still."""
    known = {week.file for week in raw_weeks.read_weeks(connection, settings)}
    for file in parquet.files_in(archive):
        is_ours = FILE.fullmatch(file.name) and file.name not in known
        if is_ours and not parquet.is_finished(file):
            file.unlink()


def remember(
    connection: Connection,
    settings: Settings,
    week: Week,
    file: Place,
    held: tuple[Checksum, parquet.Contents],
) -> None:
    """Say that a verified file is the week's archive now."""
    place = (week.week, (week.generation or 0) + 1)
    _write_down(connection, settings, place, file, held)


def _write_down(
    connection: Connection,
    settings: Settings,
    place: tuple[date, int],
    file: Place,
    held: tuple[Checksum, parquet.Contents],
) -> None:
    checksum, contents = held
    week, generation = place
    values = {
        "week": week,
        "generation": generation,
        "file": file.name,
        "rows": contents.rows,
        "checksum": checksum.checksum,
        "digest": contents.digest,
        "bytes": file.stat().st_size,
    }
    connection.execute(render("ops/archived_weeks/write.sql", settings), values)


def _bring_back(connection: Connection, settings: Settings, archive: Place, week: Week) -> int:
    with connection.transaction():
        staged = stage_verified(connection, settings, archive, week)
        raw_weeks.merge_staged(connection, settings, week)
    return staged.rows


def _let_go(
    connection: Connection,
    settings: Settings,
    week: Week,
    file: Place,
    held: tuple[Checksum, parquet.Contents],
) -> bool:
    """Drop the week and say where it lies now, both or neither."""
    try:
        with connection.transaction():
            released = raw_weeks.release(connection, settings, week, held[0])
            if released:
                remember(connection, settings, week, file, held)
    except errors.LockNotAvailable:
        return False
    return released
