"""A reading that was interrupted goes on where it stopped; counted at the demo network's server."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.config import Settings
from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain import pace
from chorus.domain.errors import SourcePaused, SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.orchestration.defaults import DAG_DEFAULTS
from chorus.pipelines import extract as pipeline
from chorus.pipelines.extract import extract
from chorus.sources import http, mastodon_guard
from chorus.sources.http import Http
from chorus.warehouse.connection import connect

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HALF_A_DAY = Window.back_from(NOON, timedelta(hours=12))


class Killed(BaseException):
    """As a process that is no more sees it: nothing."""


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running


@pytest.fixture(params=["mastodon.demo", "ulid.demo"])
def target(request, network):
    addresses = {"mastodon.demo": network.mastodon_url, "ulid.demo": network.ulid_url}
    return {
        "source": "mastodon",
        "instance": request.param,
        "base_url": addresses[request.param],
        "timeline": "hashtag",
        "name": "python",
    }


@pytest.fixture
def asked(monkeypatch):
    """Every page that was asked for."""
    pages, get = [], Http.get

    def counted(http, path, *args, **how):
        if "timelines" in path:
            pages.append(args)
        return get(http, path, *args, **how)

    monkeypatch.setattr(Http, "get", counted)
    return pages


@pytest.fixture
def settings(warehouse_settings):
    return warehouse_settings.model_copy(update={"toots_limit_per_page": 20})


def dies_at(monkeypatch, number, error):
    """The process dies with this page in its hands."""
    keep, kept = pipeline.keep, []

    def die(connection, settings, page, run):
        kept.append(page)
        if len(kept) == number:
            raise error
        return keep(connection, settings, page, run)

    monkeypatch.setattr(pipeline, "keep", die)


def stored(connection):
    rows = connection.execute(
        "select id from bronze.raw_events where event_type = 'status' order by id"
    ).fetchall()
    connection.commit()
    return rows


def test_a_retry_costs_the_rest_and_one_page(
    warehouse, settings, other_warehouse_settings, target, asked, monkeypatch
):
    with connect(other_warehouse_settings) as other:
        counts = extract(
            other, settings.at(other_warehouse_settings.dsn()), target, HALF_A_DAY, "run"
        )
        expected = stored(other)
    whole = len(asked)
    assert whole > 5
    asked.clear()

    with monkeypatch.context() as patch:
        dies_at(patch, 5, Killed())
        with pytest.raises(Killed):
            extract(warehouse, settings, target, HALF_A_DAY, "run")
    assert len(asked) == 5
    again = extract(warehouse, settings, target, HALF_A_DAY, "run")

    assert len(asked) == whole + 1
    assert stored(warehouse) == expected
    for name in ("pages", "events_extracted", "events_new"):
        assert again[name] == counts[name]
    assert warehouse.execute("select * from ops.reading_progress").fetchall() == []


def test_another_run_another_window_and_one_that_was_done_begin_at_the_top(
    warehouse, settings, target, asked, monkeypatch
):
    extract(warehouse, settings, target, HALF_A_DAY, "run")
    whole = len(asked)
    with monkeypatch.context() as patch:
        dies_at(patch, 5, Killed())
        with pytest.raises(Killed):
            extract(warehouse, settings, target, HALF_A_DAY, "killed")
    for window, run in [
        (HALF_A_DAY, "run"),
        (HALF_A_DAY, "another"),
        (Window(HALF_A_DAY.since, NOON - timedelta(minutes=1)), "killed"),
    ]:
        asked.clear()
        counts = extract(warehouse, settings, target, window, run)
        assert whole - 1 <= len(asked) <= whole
        assert counts["events_new"] == 0


def test_a_wait_in_the_middle_says_that_it_may_go_on_and_one_at_the_start_does_not(
    warehouse, settings, target, monkeypatch
):
    for number, kind in ((1, SourceUnavailable), (3, SourcePaused)):
        with monkeypatch.context() as patch:
            dies_at(patch, number, SourceUnavailable("slowly", timedelta(minutes=5)))
            with pytest.raises(SourceUnavailable) as caught:
                extract(warehouse, settings, target, HALF_A_DAY, "run")
        assert type(caught.value) is kind
        assert caught.value.retry_after == timedelta(minutes=5)
    [failures] = warehouse.execute("select failures from bronze.pipeline_steps").fetchone()
    assert failures == 1


def test_a_window_that_takes_long_is_read_in_turns_with_others_and_costs_no_page_more(
    warehouse, settings, other_warehouse_settings, target, asked, monkeypatch
):
    with connect(other_warehouse_settings) as other:
        extract(other, settings.at(other_warehouse_settings.dsn()), target, HALF_A_DAY, "run")
        expected = stored(other)
    whole = len(asked)
    asked.clear()

    # Nobody has time for more than a page.
    monkeypatch.setattr(pace, "AT_A_TIME", timedelta(0))
    for _ in range(whole - 1):
        with pytest.raises(SourcePaused, match="others have their turn") as caught:
            extract(warehouse, settings, target, HALF_A_DAY, "run")
        assert caught.value.retry_after == timedelta(0)
    counts = extract(warehouse, settings, target, HALF_A_DAY, "run")

    assert counts["pages"] == len(asked) == whole
    assert stored(warehouse) == expected


def test_a_reading_gives_its_place_up_before_airflow_would_end_it():
    a_page = http.ATTEMPTS * (timedelta(seconds=Settings().api_timeout) + pace.PATIENCE)
    allowed = DAG_DEFAULTS["default_args"]["execution_timeout"]
    assert pace.AT_A_TIME + a_page < allowed < mastodon_guard.MOST_TIME


def test_a_walk_that_is_refused_where_it_would_go_on_begins_anew(
    warehouse, settings, target, asked, monkeypatch
):
    extract(warehouse, settings, target, HALF_A_DAY, "whole")
    whole = len(asked)
    for error in (Killed(), SourceRefused("no such cursor")):
        with monkeypatch.context() as patch:
            dies_at(patch, 3, error)
            with pytest.raises(type(error)):
                extract(warehouse, settings, target, HALF_A_DAY, "run")
    asked.clear()
    extract(warehouse, settings, target, HALF_A_DAY, "run")
    assert len(asked) == whole


def test_a_pause_gives_the_slot_back_and_no_try(monkeypatch):
    from contextlib import nullcontext

    from airflow.sdk.exceptions import AirflowRescheduleException

    from chorus.orchestration import bronze, runs
    from chorus.orchestration import warehouse as opened

    def pauses(*_):
        raise SourcePaused("its budget is spent", timedelta(minutes=5))

    monkeypatch.setattr(pipeline, "extract", pauses)
    monkeypatch.setattr(runs, "this_run", lambda: "run")
    monkeypatch.setattr(runs, "this_window", lambda _: HALF_A_DAY)
    monkeypatch.setattr(opened, "open_warehouse", lambda _: nullcontext((None, None)))
    before = datetime.now(UTC)
    with pytest.raises(AirflowRescheduleException) as caught:
        bronze.extract.function({"source": "mastodon"})
    wait = caught.value.reschedule_date - before
    assert timedelta(minutes=5) <= wait < timedelta(minutes=6)
