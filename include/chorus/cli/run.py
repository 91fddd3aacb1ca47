"""`chorus run`, which `make run` calls, and what it takes to have it run behind one's back."""

from typing import Annotated

import typer


def run(
    *,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="End after the first wave: 0 if every task of it succeeded or had nothing to do, else 1.",
        ),
    ] = False,
    sign_in: Annotated[
        bool, typer.Option(help="Say the password of the UI; not for words that are kept.")
    ] = True,
) -> None:
    """Start PostgreSQL, Airflow and the demo network here, run a first wave and say what landed."""
    from chorus.stack.main import run_stack

    raise typer.Exit(run_stack(once=once, sign_in=sign_in))


def start(
    *,
    first_wave: Annotated[
        bool, typer.Option("--first-wave", help="Return when the first wave is over.")
    ] = False,
) -> None:
    """Do as `chorus run` in the background, and return once Airflow answers."""
    from rich.console import Console

    from chorus.stack.background import start as start_stack
    from chorus.stack.run_folder import RunFolder
    from chorus.stack.summary import show_sign_in
    from chorus.stack.voice import Voice

    folder, voice = RunFolder(), Voice(Console())
    held = start_stack(folder, voice, first_wave=first_wave)
    show_sign_in(held.address, folder, voice, "make stop")
    raise typer.Exit(1 if held.stage == "failed" else 0)


def stop() -> None:
    """End what runs here, whichever terminal started it."""
    from chorus.stack.elsewhere import stop as stop_stack
    from chorus.stack.run_folder import RunFolder

    stopped = stop_stack(RunFolder())
    typer.echo("Everything is stopped." if stopped else "Nothing runs here.")


def status() -> None:
    """Say whether Chorus runs here, where, and how Airflow's parts are."""
    from chorus.stack.elsewhere import status as ask
    from chorus.stack.run_folder import RunFolder

    for line in ask(RunFolder()):
        typer.echo(line)


def wave() -> None:
    """Send a wave through the Airflow that runs here: what DAGs do by the hour, now."""
    from chorus.stack.elsewhere import send_wave
    from chorus.stack.run_folder import RunFolder

    raise typer.Exit(0 if send_wave(RunFolder()) else 1)
