"""`chorus`: the same pipelines without Airflow. An error is one sentence and an exit code."""

import sys
from io import TextIOWrapper
from typing import Annotated

import psycopg
import typer
from alembic.util import CommandError
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from chorus.cli import (
    dead_letters,
    demo,
    model,
    replay,
    targets,
    warehouse,
    warehouse_reads,
)
from chorus.cli.forget import forget, reapply_erasures
from chorus.cli.generate import generate
from chorus.cli.health import healthcheck, slo
from chorus.cli.pipeline import look_again, pipeline
from chorus.cli.retention import archive, retention
from chorus.cli.run import run, start, status, stop, wave
from chorus.cli.threads import comment_depths, viral_chains
from chorus.config import load_settings
from chorus.domain.errors import ChorusError, ConfigurationError
from chorus.warehouse.connection import PASSING, retrying

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(demo.app, name="demo")
app.add_typer(model.app, name="model")
app.add_typer(targets.app, name="targets")
app.add_typer(warehouse_reads.app, name="ask")
app.add_typer(archive, name="archive")
app.add_typer(replay.app, name="replay")
app.add_typer(dead_letters.app, name="dead-letters")
for command in (run, start, stop, status, wave):
    app.command()(command)
app.command()(pipeline)
app.command()(retention)
app.command()(look_again)
app.command()(forget)
app.command()(reapply_erasures)
app.command()(comment_depths)
app.command()(viral_chains)
app.command()(healthcheck)
app.command()(slo)
app.command()(generate)


@app.callback()
def chorus(
    *,
    debug: Annotated[bool, typer.Option(help="Show where an error came from.")] = False,
) -> None:
    """Listen to social networks and keep what they say in a warehouse of your own."""
    sys.tracebacklimit = 1000 if debug else 0


def main() -> None:
    """Run the command; what we raise on purpose ends as its sentence."""
    debug = "--debug" in sys.argv
    _speak_on_any_terminal()
    try:
        _patiently()(app)
    except ChorusError as error:
        if debug:
            raise
        typer.echo(f"{error}", err=True)
        sys.exit(2 if isinstance(error, ConfigurationError) else 1)
    except psycopg.Error as error:
        if debug:
            raise
        reason = str(error).splitlines()[0]
        typer.echo(f"PostgreSQL refused: {reason}; `chorus --debug ...` shows where.", err=True)
        sys.exit(1)
    except (OSError, CommandError) as error:
        if debug:
            raise
        typer.echo(f"That did not work: {error}; `chorus --debug ...` shows where.", err=True)
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        # Not its words, which were written for programmers and may repeat what they were given.
        what = type(error).__name__
        typer.echo(
            f"Chorus met a {what} it did not expect; `chorus --debug ...` shows where.",
            err=True,
        )
        sys.exit(1)


def _speak_on_any_terminal() -> None:
    """One that lacks a hashtag's letters is no reason to end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _patiently() -> Retrying:
    """A command begins again, as a task does, when its connection was lost: nothing is doubled by that.

    DB_RETRY_* is read only then: a setting that is wrong does not keep anybody from what needs no warehouse.
    """
    return Retrying(
        retry=retry_if_exception_type(PASSING),
        stop=lambda state: retrying(load_settings()).stop(state),
        wait=lambda state: retrying(load_settings()).wait(state),
        before_sleep=lambda state: typer.echo(f"{_reason(state)} Trying again.", err=True),
        reraise=True,
    )


def _reason(state: RetryCallState) -> str:
    error = state.outcome.exception() if state.outcome else None
    return str(error).splitlines()[0]
