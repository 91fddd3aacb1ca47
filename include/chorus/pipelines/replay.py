"""Takes in again what was taken in before, or was not: dead letters, a window, or what a run brought.

Nothing here makes a row: it marks what is to be done again as pending, and the wave goes over it. So a replay changes
only what the code makes something else of than it did, and doing it twice changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.window import Window
from chorus.pipelines.gold import recount
from chorus.pipelines.replay_letters import count_letters, replay_letters
from chorus.pipelines.runs import is_run
from chorus.pipelines.window import moment
from chorus.sentiment.active import active_model_keys
from chorus.warehouse import requeue
from chorus.warehouse.connection import Connection
from chorus.warehouse.dead_letters import Wanted

# So much of a window is marked in one transaction.
SLICE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A window of one source or of all, and the layers that are to be made anew."""

    window: Window
    layers: tuple[str, ...] = ("bronze",)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What a run read, what its transform took in, and what it could not take in."""

    run: str


Asked = Wanted | Span | Run


def asked_for(params: Mapping[str, Any]) -> Asked:
    """What the trigger form asks for; ConfigurationError says what does not go together."""
    bounds = {"since": params.get("from"), "until": params.get("to")}
    since, until = (moment(name, text) if text else None for name, text in bounds.items())
    match params["what"]:
        case "window":
            if since is None or until is None:
                raise ConfigurationError("A window to replay takes both from and to.")
            layers = tuple(params.get("layers") or ("bronze",))
            return Span(Window(since, until), layers, params.get("source"))
        case "run":
            if not params.get("run"):
                raise ConfigurationError(
                    "A run to replay takes its name, as pipeline_run_id has it."
                )
            return Run(params["run"])
        case _:
            names = ("reason", "stage", "source", "run")
            return Wanted(
                **{name: params.get(name) for name in names}, since=since, until=until
            )


def count(connection: Connection, settings: Settings, asked: Asked) -> dict[str, int]:
    """How much would be taken in again; marks nothing."""
    return dict(_over(connection, settings, asked, run_id=None))


def replay(
    connection: Connection, settings: Settings, asked: Asked, run_id: str
) -> dict[str, int]:
    """Mark it all pending, and commit; returns how many of what."""
    return dict(_over(connection, settings, asked, run_id=run_id))


def _over(
    connection: Connection, settings: Settings, asked: Asked, *, run_id: str | None
) -> Counter[str]:
    """`run_id` is None where things are only counted."""
    totals: Counter[str] = Counter()
    match asked:
        case Wanted():
            totals.update(_letters(connection, settings, asked, run_id))
        case Run(run):
            if not is_run(connection, run):
                raise ConfigurationError(
                    f"There is no run {run}; bronze.pipeline_runs names them."
                )
            really = run_id is not None
            totals.update(requeue.raw_events_of_run(connection, settings, run, really=really))
            totals.update(_letters(connection, settings, Wanted(run=run), run_id))
        case Span():
            for counted in _span(connection, settings, asked, really=run_id is not None):
                totals.update(counted)
    connection.commit()
    return totals


def _letters(
    connection: Connection, settings: Settings, wanted: Wanted, run_id: str | None
) -> Mapping[str, int]:
    if run_id is None:
        return {
            f"letter: {kind}": number
            for kind, number in count_letters(connection, wanted).items()
        }
    return replay_letters(connection, settings, wanted, run_id)


def _span(
    connection: Connection, settings: Settings, span: Span, *, really: bool
) -> Iterator[Mapping[str, int]]:
    for window in _slices(span.window) if really else [span.window]:
        if "bronze" in span.layers:
            yield requeue.raw_events_of_span(
                connection, settings, window, span.source, really=really
            )
        if "mood" in span.layers:
            keys = [key.text for key in active_model_keys(settings)]
            yield requeue.moods_of_span(
                connection, settings, window, span.source, keys, really=really
            )
        if "silver" in span.layers:
            yield requeue.silver_of_span(
                connection, settings, window, span.source, really=really
            )
        connection.commit()
    # Gold has no window of its own: its counts are sums over everything.
    if "gold" in span.layers:
        yield {"views": len(recount(connection, settings)) if really else 0}


def _slices(window: Window) -> Iterator[Window]:
    since = window.since
    while since < window.until:
        until = min(since + SLICE, window.until)
        yield Window(since, until)
        since = until
