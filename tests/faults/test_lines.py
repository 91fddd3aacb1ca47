"""A line to a server that is cut, slow or lies while a window is read: it has a name, and the next run makes up for it.

Without a stack: what a run of Airflow does of it, tests/dags/test_wave.py shows.
"""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.demo.network import demo_network
from chorus.domain.errors import SourceChanged, SourceError, SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.missed import list_missed, make_up
from chorus.pipelines.runs import close_run, open_run
from chorus.sources import http
from chorus.warehouse.connection import connect
from tests.faults.line import RUBBISH, Line

NINE = datetime(2026, 11, 9, 9, tzinfo=UTC)
WINDOW = Window(NINE, NINE + timedelta(hours=3))
RUN = "bronze_mastodon/1"
MOODS = {
    "cut": SourceUnavailable,
    "cut halfway": SourceUnavailable,
    "silent": SourceUnavailable,
    **dict.fromkeys(RUBBISH, SourceChanged),
}


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NINE + timedelta(days=9), limits=False) as running:
        yield running


def target(url):
    timeline = {"timeline": "hashtag", "name": "python"}
    return {"source": "mastodon", "instance": "mastodon.demo", "base_url": url, **timeline}


def read(settings):
    """What was created in the window: what else comes along depends on what the instance is taken for."""
    query = """
        select event_type, post_id, payload_hash from bronze.raw_events
        where event_type <> 'account' and occurred_at >= %s and occurred_at < %s
    """
    with connect(settings) as connection:
        return sorted(connection.execute(query, [WINDOW.since, WINDOW.until]).fetchall())


@pytest.mark.parametrize(
    "mood",
    [
        mood
        if mood in {"cut halfway", "a page"}
        else pytest.param(mood, marks=pytest.mark.nightly)
        for mood in MOODS
    ],
)
def test_what_it_kept_from_us_the_next_run_reads_and_nothing_twice(
    network, warehouse, warehouse_settings, other_warehouse_settings, monkeypatch, mood
):
    monkeypatch.setattr(http, "nap", lambda _: 0)
    hasty = warehouse_settings.model_copy(update={"api_timeout": 1})
    with Line(network.mastodon_url) as line:
        open_run(warehouse, hasty, RUN, source="mastodon", window=WINDOW)
        line.mood = mood
        with pytest.raises(SourceError) as error:
            extract(warehouse, hasty, target(line.url), WINDOW, RUN)
        assert type(error.value) is MOODS[mood]
        close_run(warehouse, RUN)
        line.mood = None
        [missed] = list_missed(warehouse, hasty, "bronze_mastodon", [target(line.url)])
        make_up(warehouse, hasty, missed)
        assert line.met > 0
    with connect(other_warehouse_settings) as undisturbed:
        extract(
            undisturbed, other_warehouse_settings, target(network.mastodon_url), WINDOW, RUN
        )
    assert read(warehouse_settings) == read(other_warehouse_settings) != []


@pytest.mark.nightly
def test_a_slow_one_costs_time_and_nothing_else(
    network, warehouse, warehouse_settings, other_warehouse_settings
):
    with Line(network.mastodon_url) as line:
        line.mood = "slow"
        extract(warehouse, warehouse_settings, target(line.url), WINDOW, RUN)
        assert line.met > 0
    with connect(other_warehouse_settings) as undisturbed:
        extract(
            undisturbed, other_warehouse_settings, target(network.mastodon_url), WINDOW, RUN
        )
    assert read(warehouse_settings) == read(other_warehouse_settings) != []
