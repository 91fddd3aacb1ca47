"""A whole wave in one process, without Airflow: every target of a source, from its API to the seven views."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from chorus.config import Settings
from chorus.domain.errors import SourceError
from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.gold import check_gold, refresh_views
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
    """Yield each step with what it counted; a target that fails holds nothing else back."""
    run = new_cli_run()
    open_run(connection, settings, run, source=source, window=window)
    try:
        yield from _bronze(connection, settings, source, window, run)
        yield "load", load_star(connection, settings, run)
        yield "refresh", refresh_gold(connection, run)
    finally:
        close_run(connection, run)


def run_replay(connection: Connection, settings: Settings, asked: Asked) -> Iterator[Step]:
    """Take in again what is asked for, and carry it to the seven views."""
    run = new_cli_run()
    open_run(connection, settings, run)
    try:
        with step(connection, run, "replay") as counts:
            counts.update(replay(connection, settings, asked, run))
        yield "replay", dict(counts)
        yield from take_in(connection, settings, run)
        yield "load", load_star(connection, settings, run)
        yield "refresh", refresh_gold(connection, run)
    finally:
        close_run(connection, run)


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


def _bronze(
    connection: Connection, settings: Settings, source: str, window: Window, run: str
) -> Iterator[Step]:
    for target in list_targets(settings, source):
        name = f"extract {target['instance']} {target['name']}"
        try:
            yield name, extract(connection, settings, target, window, run)
        except SourceError as error:
            yield name, {"failed": str(error)}
    yield from take_in(connection, settings, run)


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
