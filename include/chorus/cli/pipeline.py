"""`chorus pipeline`: a whole wave here and now, without Airflow."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from chorus.config import load_settings
from chorus.domain.window import Window

MOMENT = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


def pipeline(
    *,
    since: Annotated[datetime | None, typer.Option(formats=MOMENT, help="UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=MOMENT, help="UTC.")] = None,
    source: str = "mastodon",
) -> None:
    """Read a window (TIME_PERIOD_* back from now, unless told) and carry it to the seven views."""
    from chorus.pipelines.wave import run_wave
    from chorus.warehouse.connection import connect

    settings = load_settings()
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else end - settings.time_period
    window = Window(start, end)
    typer.echo(f"Reading {source}, {window}.")
    failed = False
    with connect(settings) as connection:
        for name, counts in run_wave(connection, settings, source, window):
            failed |= "failed" in counts
            typer.echo(f"{name}: {said(counts)}")
    if failed:
        raise typer.Exit(1)


def said(counts: dict[str, Any]) -> str:
    """Counts on one line."""
    return ", ".join(f"{value} {name}" for name, value in counts.items() if value) or "nothing"
