"""`chorus targets`: what we listen to."""

import typer

from chorus.config import load_settings

app = typer.Typer(no_args_is_help=True, help="What to listen to.")


@app.callback()
def targets() -> None:
    """A command of its own, so that `check` is a word of it."""


@app.command()
def check() -> None:
    """Name every target, or say what is wrong with targets.yaml and where that stands."""
    from chorus.pipelines.extract import configured_targets

    for target in configured_targets(load_settings()):
        typer.echo(f"{target.source}: {target}")
