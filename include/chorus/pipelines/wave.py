"""A whole wave in one process, without Airflow: every target of a source, from its API to the seven views."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from chorus.config import Settings
from chorus.domain.errors import SourceError
from chorus.domain.window import Window
from chorus.pipelines.extract import list_targets
from chorus.pipelines.extract_together import extract_patiently
from chorus.pipelines.gold import check_gold, refresh_views
from chorus.pipelines.look_again import list_instances, look_again
from chorus.pipelines.quality import measure_quality
from chorus.pipelines.replay import Asked, replay
from chorus.pipelines.runs import close_run, new_cli_run, open_run, step
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.summaries import write_summaries
from chorus.pipelines.transform import transform_pending
from chorus.sentiment.active import active_model_keys
from chorus.warehouse.connection import Connection

Step = tuple[str, dict[str, Any]]


def run_wave(
    connection: Connection, settings: Settings, source: str, window: Window
) -> Iterator[Step]:
    """Yield each step with what it counted; a target that fails or has to wait holds nothing else back."""
    targets = list_targets(settings, source)
    run = new_cli_run()
    open_run(connection, settings, run, source=source, window=window)
    extracted = (
        (_name("extract", target), _counts(done))
        for target, done in extract_patiently(connection, settings, targets, window, run)
    )
    yield from _wave(connection, settings, run, extracted)


def run_second_looks(
    connection: Connection,
    settings: Settings,
    source: str,
    instances: Sequence[str] | None = None,
    now: datetime | None = None,
) -> Iterator[Step]:
    """The same, of the posts that are due to be looked at again."""
    targets = list_instances(connection, settings, source, instances, now)
    run = new_cli_run()
    open_run(connection, settings, run, source=source)

    def looks() -> Iterator[Step]:
        for target in targets:
            name = _name("look_again", target)
            try:
                yield name, look_again(connection, settings, target, run, now=now)
            except SourceError as error:
                yield name, _counts(error)

    yield from _wave(connection, settings, run, looks())


def _wave(
    connection: Connection, settings: Settings, run: str, readings: Iterable[Step]
) -> Iterator[Step]:
    """Whatever was read, carried to the seven views."""
    try:
        yield from readings
        yield from take_in(connection, settings, run)
        yield "load", load_star(connection, settings, run)
        yield "refresh", refresh_gold(connection, run)
    finally:
        close_run(connection, run)


def run_replay(connection: Connection, settings: Settings, asked: Asked) -> Iterator[Step]:
    """Take in again what is asked for, and carry it to the seven views."""
    run = new_cli_run()
    open_run(connection, settings, run)

    def again() -> Iterator[Step]:
        with step(connection, run, "replay") as counts:
            counts.update(replay(connection, settings, asked, run))
        yield "replay", dict(counts)

    yield from _wave(connection, settings, run, again())


def _counts(done: dict[str, int] | SourceError) -> dict[str, Any]:
    return {"failed": str(done)} if isinstance(done, SourceError) else done


def _name(step_name: str, target: Mapping[str, Any]) -> str:
    return f"{step_name} {target['instance']} {target['name']}"


def load_star(connection: Connection, settings: Settings, run: str) -> dict[str, int]:
    """Silver: load what is pending, and check what was loaded."""
    with step(connection, run, "load") as counts:
        counts.update(load_silver(connection, settings, run))
        check_silver(connection, settings)
    return dict(counts)


def refresh_gold(connection: Connection, run: str) -> dict[str, int]:
    """Gold: refresh the views that are behind, and check them."""
    with step(connection, run, "refresh") as counts:
        refreshed = refresh_views(connection)
        counts.update({view: done["rows"] for view, done in refreshed.items()})
        check_gold(connection)
        counts.update(daily_summaries=write_summaries(connection))
    return dict(counts)


def take_in(connection: Connection, settings: Settings, run: str) -> Iterator[Step]:
    """Clean what waits, and have its mood read."""
    with step(connection, run, "transform") as counts:
        keys = [key.text for key in active_model_keys(settings)]
        done = transform_pending(connection, settings, run, keys)
        counts.update(asdict(done), transformed=done.claimed - done.rejected)
    yield "transform", dict(counts)
    with step(connection, run, "score") as counts:
        for totals in score_all_pending(connection, settings, run):
            counts.update(scored=totals.posts, cache_hits=totals.cache_hits)
    yield "score", dict(counts)
    measure_quality(connection, run)
