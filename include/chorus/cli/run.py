"""`chorus run`: what `make run` calls."""

from typing import Annotated

import typer


def run(
    *,
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="End after the first wave: 0 if all of it succeeded, else 1."
        ),
    ] = False,
) -> None:
    """Start PostgreSQL, Airflow and the demo network here, run a first wave and say what landed."""
    from chorus.stack.main import run_stack

    raise typer.Exit(run_stack(once=once))
