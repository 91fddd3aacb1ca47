"""What is written down about every run: bronze.pipeline_runs, and a row for each of its steps."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Counts = Counter[str]

log = logging.getLogger(__name__)


def new_cli_run() -> str:
    """The pipeline_run_id of a run that no DAG made."""
    return f"cli/{uuid4()}"


def open_run(
    connection: Connection,
    settings: Settings,
    pipeline_run_id: str,
    *,
    source: str | None = None,
    window: Window | None = None,
) -> None:
    """Say that a run begins, under its id `{dag_id}/{run_id}`; saying it again starts it over."""
    dag_id, _, run_id = pipeline_run_id.partition("/")
    connection.execute(
        render("bronze/pipeline_runs/open.sql", settings),
        {
            "pipeline_run_id": pipeline_run_id,
            "dag_id": dag_id,
            "run_id": run_id,
            "source": source,
            "since": window.since if window else None,
            "until": window.until if window else None,
            "code_version": version("chorus"),
        },
    )
    connection.commit()


@contextmanager
def step(
    connection: Connection, pipeline_run_id: str, name: str, target: str = ""
) -> Iterator[Counts]:
    """One step of a run: what it counts and how it ends is kept, also when it fails.

    Counts under the names of pipeline_runs' columns (`transformed`, `rejected`, ...) are added up there.
    """
    key = {"pipeline_run_id": pipeline_run_id, "step": name, "target": target}
    connection.execute(render("bronze/pipeline_steps/begin.sql"), key)
    connection.commit()
    counts: Counts = Counter()
    try:
        yield counts
        connection.commit()
    except BaseException as error:
        if not connection.closed:
            connection.rollback()
            _finish(connection, key, counts, error)
        raise
    _finish(connection, key, counts)
    counted = ", ".join(f"{number} {what}" for what, number in counts.items())
    log.info("%s: %s", f"{name} {target}".strip(), counted or "done")


def close_run(
    connection: Connection, pipeline_run_id: str, *, got_through: bool = True
) -> dict[str, Any]:
    """Add up the steps of a run and close it; returns its state, its counts and its durations.

    One that did not get through has failed, whatever became of its steps: one that was killed says nothing.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            render("bronze/pipeline_runs/close.sql"),
            {"pipeline_run_id": pipeline_run_id, "got_through": got_through},
        )
        closed = cursor.fetchone() or {}
    connection.commit()
    return closed


def is_run(connection: Connection, pipeline_run_id: str) -> bool:
    """Whether the warehouse has heard of such a run."""
    found = connection.execute(
        render("bronze/pipeline_runs/is_known.sql"), {"pipeline_run_id": pipeline_run_id}
    ).fetchone()
    return found == (True,)


def _finish(
    connection: Connection,
    key: dict[str, str],
    counts: Counts,
    error: BaseException | None = None,
) -> None:
    ended = {
        "state": "success" if error is None else "failed",
        "counts": Jsonb(dict(counts)),
        "error_class": type(error).__name__ if error else None,
        "error": str(error)[:2000] if error else None,
    }
    connection.execute(render("bronze/pipeline_steps/finish.sql"), {**key, **ended})
    connection.commit()
