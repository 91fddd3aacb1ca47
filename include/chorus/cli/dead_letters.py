"""`chorus dead-letters`: what could not be taken in. A letter stays until it is replayed, or discarded by a person."""

from typing import Annotated

import typer

from chorus.cli.replay import Go, MetSince, MetUntil, OfRun, Reason, Source, Step, wanted
from chorus.cli.warehouse_reads import answer
from chorus.config import load_settings
from chorus.domain.errors import ConfigurationError
from chorus.warehouse import dead_letters
from chorus.warehouse.connection import connect
from chorus.warehouse.dead_letters import Wanted

app = typer.Typer(no_args_is_help=True, help="What could not be taken in.")


@app.command("list")
def show(
    *,
    reason: Reason = None,
    step: Step = None,
    source: Source = None,
    run: OfRun = None,
    since: MetSince = None,
    until: MetUntil = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show open letters, oldest first."""
    chosen = wanted(reason, step, source, run, since, until)
    answer(lambda connection: dead_letters.choose(connection, chosen)[:most], as_json=as_json)


@app.command()
def discard(
    ids: Annotated[
        list[int] | None, typer.Argument(help="Letters by id, as list shows.")
    ] = None,
    *,
    reason: Reason = None,
    step: Step = None,
    source: Source = None,
    run: OfRun = None,
    since: MetSince = None,
    until: MetUntil = None,
    go: Go = False,
) -> None:
    """Give letters up: they are kept, and never replayed."""
    chosen = wanted(reason, step, source, run, since, until)
    if not ids and chosen == Wanted():
        raise ConfigurationError(
            "Say which letters: by id, or by --reason, --step, --source, --run, --from or --to."
        )
    with connect(load_settings()) as connection:
        found = {row["id"] for row in dead_letters.choose(connection, chosen)}
        if unknown := sorted(set(ids or ()) - found):
            raise ConfigurationError(
                f"No such letter is open: {', '.join(map(str, unknown))}; `chorus dead-letters list` shows those that are."
            )
        meant = sorted(found & set(ids) if ids else found)
        if not go:
            typer.echo(f"Would discard {len(meant)} letters; add --go to do it.")
            return
        typer.echo(f"Discarded {dead_letters.discard(connection, meant)} letters.")
