"""What runs were kept from reading, and the next one makes up for: nobody has to clear a task once a network is back.

It is read as that run's own, from where it stopped: its window, its id, its row, which is closed anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, SourceEndless, SourceGone, SourceRefused
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.readers import as_target
from chorus.pipelines.runs import close_run
from chorus.pipelines.window import moment
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

FOR_A_PERSON = (ConfigurationError, SourceRefused, SourceGone, SourceEndless)
MOST = 50  # windows that one run reads beside its own
MISSED_BY = "missed_by"  # what marks such a target where it travels as a dictionary


def list_missed(
    connection: Connection,
    settings: Settings,
    dag_id: str,
    targets: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """These targets again, once for each window of the last day that a run of the DAG did not get through with."""
    known = {str(as_target(target)): target for target in targets}
    values = {
        "dag_id": dag_id,
        "for_a_person": [error.__name__ for error in FOR_A_PERSON],
        "most": MOST,
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render("bronze/pipeline_steps/missed.sql", settings), values)
        rows = cursor.fetchall()
    return [
        {
            **known[row["target"]],
            MISSED_BY: {
                "run": row["pipeline_run_id"],
                "since": row["window_since"].isoformat(),
                "until": row["window_until"].isoformat(),
            },
        }
        for row in rows
        if row["target"] in known
    ]


def make_up(
    connection: Connection, settings: Settings, missed: Mapping[str, Any]
) -> dict[str, int]:
    """Read what such a target says it missed; returns how many of what."""
    target = {name: value for name, value in missed.items() if name != MISSED_BY}
    run = missed[MISSED_BY]["run"]
    counts = extract(connection, settings, target, missed_window(missed), run)
    close_run(connection, run)
    return counts


def missed_window(missed: Mapping[str, Any]) -> Window:
    """That of the run which did not get through with it."""
    by = missed[MISSED_BY]
    return Window(moment("since", by["since"]), moment("until", by["until"]))
