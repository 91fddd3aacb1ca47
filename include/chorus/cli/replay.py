"""`chorus replay`: take dead letters, a window or a run in again. Without --go it only counts."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal

import typer

from chorus.cli.pipeline import MOMENT, said
from chorus.config import load_settings
from chorus.domain.window import Window
from chorus.pipelines.replay import Asked, Run, Span, count
from chorus.warehouse.connection import connect
from chorus.warehouse.dead_letters import Wanted

app = typer.Typer(
    no_args_is_help=True, help="Take in again: dead letters, a window, or what a run brought."
)


class Layer(StrEnum):
    bronze = "bronze"
    mood = "mood"
    silver = "silver"
    gold = "gold"


Go = Annotated[bool, typer.Option("--go", help="Do it; only counts without.")]
Reason = Annotated[str | None, typer.Option(help="Letters with this class of error.")]
Step = Annotated[
    Literal["extract", "transform", "score"] | None, typer.Option(help="Letters of this step.")
]
Source = Annotated[str | None, typer.Option(help="Only of this platform.")]
OfRun = Annotated[str | None, typer.Option("--run", help="Letters of this pipeline_run_id.")]
MetSince = Annotated[
    datetime | None, typer.Option("--from", formats=MOMENT, help="Met from then on, UTC.")
]
MetUntil = Annotated[
    datetime | None, typer.Option("--to", formats=MOMENT, help="Met before, UTC.")
]


@app.command()
def letters(
    *,
    reason: Reason = None,
    step: Step = None,
    source: Source = None,
    run: OfRun = None,
    since: MetSince = None,
    until: MetUntil = None,
    go: Go = False,
) -> None:
    """Take dead letters in again; one that fails again stays, with one more try."""
    _carry_out(wanted(reason, step, source, run, since, until), go=go)


@app.command()
def window(
    *,
    since: Annotated[
        datetime, typer.Option("--from", formats=MOMENT, help="Created from then on, UTC.")
    ],
    until: Annotated[
        datetime, typer.Option("--to", formats=MOMENT, help="Created before, UTC.")
    ],
    layer: Annotated[list[Layer] | None, typer.Option(help="Again for more.")] = None,
    source: Source = None,
    go: Go = False,
) -> None:
    """Make a window anew: from the raw events (bronze), by the models (mood), from observations (silver), the counts (gold)."""
    span = Window(since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
    _carry_out(Span(span, tuple(layer or [Layer.bronze]), source), go=go)


@app.command()
def run(pipeline_run_id: str, *, go: Go = False) -> None:
    """Take in again what a run read, what its transform took in, and what it could not take in."""
    _carry_out(Run(pipeline_run_id), go=go)


def wanted(  # noqa: PLR0917 - as the options are
    reason: str | None,
    step: str | None,
    source: str | None,
    run: str | None,
    since: datetime | None,
    until: datetime | None,
) -> Wanted:
    return Wanted(
        reason=reason,
        stage=step,
        source=source,
        run=run,
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
    )


def _carry_out(asked: Asked, *, go: bool) -> None:
    from chorus.pipelines.wave import run_replay

    settings = load_settings()
    with connect(settings) as connection:
        if not go:
            typer.echo(f"Would take in again: {said(count(connection, settings, asked))}.")
            typer.echo("Add --go to do it.")
            return
        for name, counts in run_replay(connection, settings, asked):
            typer.echo(f"{name}: {said(counts)}")
