"""`chorus pipeline`: a whole wave here and now, without Airflow."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from chorus.config import load_settings
from chorus.domain.errors import ConfigurationError
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
    if settings.uses_demo_network and settings.targets_file is None:
        raise ConfigurationError(
            "Nothing to read: the demo network runs beside `make run` alone, so start that, or name a real instance with "
            "MASTODON_BASE_URL and HASHTAG, TARGETS_FILE, or DEMO_NETWORK=off for include/targets.yaml."
        )
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else end - settings.time_period
    window = Window(start, end)
    typer.echo(f"Reading {source}, {window}.")
    with connect(settings) as connection:
        _tell(run_wave(connection, settings, source, window))


def look_again(
    *,
    source: str = "mastodon",
    instance: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be given again.")
    ] = None,
) -> None:
    """Ask again for the posts of the last 7 days that are due: counts, edits, deletions, up to the seven views."""
    from chorus.pipelines.wave import run_second_looks
    from chorus.warehouse.connection import connect

    settings = load_settings()
    with connect(settings) as connection:
        _tell(run_second_looks(connection, settings, source, instance))


def _tell(steps: Iterable[tuple[str, dict[str, Any]]]) -> None:
    failed = False
    for name, counts in steps:
        failed |= "failed" in counts
        typer.echo(f"{name}: {said(counts)}")
    if failed:
        raise typer.Exit(1)


def said(counts: dict[str, Any]) -> str:
    """Counts on one line."""
    return ", ".join(f"{value} {name}" for name, value in counts.items() if value) or "nothing"
