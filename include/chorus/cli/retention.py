"""`chorus retention` and `chorus archive`: what is old leaves, and comes back."""

from typing import Annotated

import typer

from chorus.config import load_settings
from chorus.warehouse.connection import connect

archive = typer.Typer(no_args_is_help=True, help="Weeks of raw events that lie in ARCHIVE_DIR.")


def retention(
    *,
    dry_run: Annotated[
        bool | None, typer.Option(help="Only count; RETENTION_DRY_RUN unless told.")
    ] = None,
) -> None:
    """Thin snapshots, forget what is old, cool and archive weeks of raw events."""
    from upath import UPath

    from chorus.cli.pipeline import said
    from chorus.pipelines.retention import retain

    settings = load_settings()
    dry_run = settings.retention_dry_run if dry_run is None else dry_run
    with connect(settings) as connection:
        counts = retain(connection, settings, UPath(settings.archive_address), dry_run=dry_run)
    typer.echo(f"{'Would leave' if dry_run else 'Left'}: {said(counts)}.")


@archive.command("list")
def list_weeks() -> None:
    """Show the weeks in the archive."""
    from chorus.warehouse.raw_weeks import read_weeks

    settings = load_settings()
    with connect(settings) as connection:
        weeks = [week for week in read_weeks(connection, settings) if week.generation]
    for week in weeks:
        also = ", in the warehouse, too" if week.is_kept else ""
        typer.echo(f"{week.name}  {week.rows} rows, {week.bytes} bytes, {week.file}{also}")
    if not weeks:
        typer.echo(f"Nothing is archived in {settings.archive_address} yet.")


@archive.command("restore")
def restore(
    week: Annotated[str, typer.Argument(help="The week as `chorus archive list` shows it.")],
) -> None:
    """Bring a week back into bronze.raw_events; retention leaves it there for seven days."""
    from upath import UPath

    from chorus.pipelines.archive import find_week, restore_week

    settings = load_settings()
    with connect(settings) as connection:
        wanted = find_week(connection, settings, week)
        rows = restore_week(connection, settings, UPath(settings.archive_address), wanted)
    typer.echo(f"{rows} raw events of {wanted.name} are back.")
