"""`chorus warehouse`: migrate, verify, load, refresh."""

import typer

from chorus.config import load_settings

app = typer.Typer(no_args_is_help=True, help="The warehouse: its schema and its loads.")


@app.command()
def bootstrap(admin_dsn: str) -> None:
    """Make the database, its roles and their passwords, as the server's administrator."""
    from chorus.warehouse.bootstrap import bootstrap as make

    make(admin_dsn, load_settings())
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
