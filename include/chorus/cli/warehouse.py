"""`chorus warehouse`: migrate, verify, load, check, refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from chorus.cli.warehouse_reads import Json, Most, answer
from chorus.config import Settings, load_settings
from chorus.domain.errors import ConfigurationError
from chorus.warehouse.connection import Connection, connect

DAY = "%Y-%m-%d"

app = typer.Typer(no_args_is_help=True, help="The warehouse: its schema and its loads.")


@app.command()
def bootstrap() -> None:
    """Make the database, its roles and their passwords, as DATABASE_ADMIN_URL."""
    from chorus.warehouse.bootstrap import bootstrap as make

    settings = load_settings()
    if settings.database_admin_url is None:
        raise ConfigurationError(
            "DATABASE_ADMIN_URL is missing: set it, for this command only, to a role that may create databases."
        )
    make(settings.database_admin_url.get_secret_value(), settings)
    typer.echo("The database and its roles are there.")


@app.command()
def migrate(revision: str = "head") -> None:
    """Bring the schema to what this version expects."""
    from chorus.warehouse.migrations import migrate as upgrade

    upgrade(load_settings(), revision)
    typer.echo("The schema is up to date.")


@app.command()
def verify() -> None:
    """Say what is missing or differs from the migrations."""
    from chorus.warehouse.catalogue import verify as compare

    settings = load_settings()
    found = compare(settings)
    for sentence in found:
        typer.echo(sentence)
    if found:
        raise typer.Exit(1)
    typer.echo("The warehouse is what the migrations make.")


@app.command()
def check() -> None:
    """Say whether everything that was ever loaded keeps what silver and gold promise, as the loader."""
    from chorus.pipelines.gold import check_gold
    from chorus.pipelines.silver import check_silver

    settings = load_settings()
    with connect(settings) as connection:
        check_silver(connection, settings, whole=True)
        check_gold(connection)
    typer.echo("Silver and gold keep every promise.")


@app.command()
def slow(*, most: Most = 10, as_json: Json = False) -> None:
    """Show the statements that cost PostgreSQL most, where it has pg_stat_statements."""
    from chorus.warehouse.statement_costs import slowest_statements

    answer(lambda connection: slowest_statements(connection, most), as_json=as_json)


@app.command()
def load() -> None:
    """Load into silver whatever bronze marks pending."""
    from chorus.cli.pipeline import said
    from chorus.pipelines.wave import load_star

    with _run() as (connection, settings, run):
        typer.echo(f"Loaded {said(load_star(connection, settings, run))}.")


@app.command()
def refresh() -> None:
    """Refresh the gold views whose rollups changed."""
    from chorus.cli.pipeline import said
    from chorus.pipelines.wave import refresh_gold

    with _run() as (connection, _, run):
        typer.echo(f"Refreshed {said(refresh_gold(connection, run))}.")


@app.command()
def rebuild(
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=[DAY], help="Only posts from this day on."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], help="Only posts before this day.")
    ] = None,
) -> None:
    """Make silver and gold anew from bronze while people go on reading; all of it, or some days.

    All of it is made beside what is there and put in its place. Some days are written again in one transaction.
    """
    from chorus.cli.pipeline import said
    from chorus.pipelines import rebuild as making

    with _run() as (connection, settings, run):
        bronze = making.where_bronze_begins(connection, settings)
        connection.commit()
        if since or until:
            first = since.date() if since else date.min
            end = until.date() if until else datetime.now(UTC).date() + timedelta(days=2)
            counts = making.rebuild_days(settings, run, first, end)
        else:
            counts = making.rebuild(settings, run)
    begins = f"{bronze.begins:%Y-%m-%d}" if bronze.begins else "nowhere"
    typer.echo(f"Rebuilt {said(counts)}.")
    typer.echo(
        f"Raw events begin {begins}; {bronze.older:,} older posts rest on their observations alone."
    )


@contextmanager
def _run() -> Iterator[tuple[Connection, Settings, str]]:
    """A run of its own, opened and closed."""
    from chorus.pipelines.runs import close_run, new_cli_run, open_run

    settings, run = load_settings(), new_cli_run()
    with connect(settings) as connection:
        open_run(connection, settings, run)
        try:
            yield connection, settings, run
        finally:
            close_run(connection, run)
