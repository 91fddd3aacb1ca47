"""What the warehouse knows of a run that is late."""

from datetime import UTC, datetime

import psycopg

from chorus.config import Settings
from chorus.warehouse.connection import connect, lost
from chorus.warehouse.statements import render

Fact = tuple[str, str]


def facts_of_late_run(
    settings: Settings, dag_id: str, pipeline_run_id: str
) -> tuple[Fact, ...]:
    """What still runs and since when, and what is usual. The warehouse may be why it is late: WarehouseUnavailable."""
    try:
        with connect(settings) as connection:
            [usual] = connection.execute(
                render("gold/alerts/read_usual_seconds.sql", settings), {"dag_id": dag_id}
            )
            running = connection.execute(
                render("gold/alerts/read_running_steps.sql", settings),
                {"pipeline_run_id": pipeline_run_id},
            ).fetchall()
    except psycopg.OperationalError as error:
        raise lost(error) from error
    except psycopg.Error as error:
        return (("The warehouse", str(error)),)
    steps = "\n".join(_since(*row) for row in running)  # type: ignore[arg-type]
    takes = f"{usual[0]:.0f} s" if usual[0] is not None else "not known yet"
    return (("Still running", steps or "nothing that said so"), ("Usually takes", takes))


def _since(step: str, target: str, started_at: datetime) -> str:
    name = f"{step} {target}".strip()
    return f"{name}, since {started_at.astimezone(UTC):%H:%M:%S} UTC"
