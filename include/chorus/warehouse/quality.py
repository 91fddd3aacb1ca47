"""What a run wrote, to be judged, and what was found."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

LOOKS_AT_ONCE = 10_000


class Measure(NamedTuple):
    """A share from 0 to 1, or the score from 0 to 100; no threshold where nothing is demanded."""

    measure: str
    value: float
    threshold: float | None
    rows_checked: int
    rows_failed: int


def looks(
    connection: Connection, settings: Settings | None, run_id: str
) -> Iterator[dict[str, list[Any]]]:
    """What a run observed, column by column, some rows at a time: a long run needs no more memory than a short one."""
    with connection.cursor(name="looks") as cursor:
        cursor.execute(
            render("ops/quality_results/look.sql", settings), {"pipeline_run_id": run_id}
        )
        while rows := cursor.fetchmany(LOOKS_AT_ONCE):
            names = [column.name for column in cursor.description or ()]
            columns = map(list, zip(*rows, strict=True))
            yield dict(zip(names, columns, strict=True))


def rejected(connection: Connection, settings: Settings | None, run_id: str) -> int:
    """How many raw events transform could not take in."""
    number: int = _one_row(connection, settings, "rejected", run_id)[0]
    return number


def unusual_hours(
    connection: Connection, settings: Settings | None, run_id: str
) -> tuple[int, int]:
    """How many hours were judged by the two weeks before them, and how many of them are beyond three sigma."""
    judged, unusual = _one_row(connection, settings, "unusual_hours", run_id)
    return judged, unusual


def write(
    connection: Connection, settings: Settings | None, run_id: str, measures: Sequence[Measure]
) -> None:
    names, values, thresholds, checked, failed = map(list, zip(*measures, strict=True))
    connection.execute(
        render("ops/quality_results/write.sql", settings),
        {
            "pipeline_run_id": run_id,
            "measures": names,
            "values": values,
            "thresholds": thresholds,
            "rows_checked": checked,
            "rows_failed": failed,
        },
    )


def _one_row(
    connection: Connection, settings: Settings | None, question: str, run_id: str
) -> Any:
    return connection.execute(
        render(f"ops/quality_results/{question}.sql", settings), {"pipeline_run_id": run_id}
    ).fetchone()
