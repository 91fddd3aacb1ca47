"""A reading of subreddits that is killed, paused or moved goes on where it stopped; counted at the server."""

import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import SourceChanged, SourcePaused, SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines import extract as pipeline
from chorus.pipelines.extract import extract
from chorus.pipelines.gate import SharedGate
from chorus.sources import reddit
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import MadeUp, everything_in, kept_in, listing, submission
from tests.sources.reddit_replay import replay

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch, warehouse_settings):
    monkeypatch.setattr("chorus.sources.reddit_reading.MOST_A_PAGE", 5)
    with connect(warehouse_settings, autocommit=True) as shared:
        SharedGate(shared, "reddit", "reddit.example").answered(None)


def target(url, name="well", **wanted):
    where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
    return {**where, "name": name, "listings": ["new"], **wanted}


def test_reading_that_is_killed_before_each_of_its_statements_leaves_every_row_once(
    warehouse, warehouse_settings
):
    sizes = {"well": 1, "fine": 1}
    with replay(answers=MadeUp(sizes)) as (url, _):
        what = (warehouse_settings, [target(url, name) for name in sizes], WINDOW)
        command = [sys.executable, "-m", "tests.sources.read_and_die"]
        done = subprocess.run(
            command,
            input=pickle.dumps(what),
            stdout=subprocess.PIPE,
            cwd=paths.ROOT,
            check=True,
        )
    deaths = int(done.stdout)
    assert deaths > 20
    assert kept_in(warehouse) == everything_in(sizes)
    events, counted = warehouse.execute(
        "select (select count(*) from bronze.raw_events),"
        " sum((counts ->> 'events_new')::int + (counts ->> 'events_seen_again')::int)"
        " from bronze.pipeline_steps where state = 'success'"
    ).fetchone()
    # A tree that was interrupted is read once more, and its rows are known then.
    assert counted >= events - 3
    assert warehouse.execute("select * from ops.reading_progress").fetchall() == []


class Killed(BaseException):
    """As a process that is no more sees it: nothing."""


@pytest.fixture
def interrupted(warehouse, warehouse_settings, monkeypatch):
    """A reading that meets this error with this page in its hands."""

    def read(number, error, wanted):
        keep, kept = pipeline.keep, []

        def die(*how):
            kept.append(1)
            if len(kept) == number:
                raise error
            return keep(*how)

        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "keep", die)
            with pytest.raises(type(error)) as caught:
                extract(warehouse, warehouse_settings, wanted, WINDOW, "run/1")
        return caught.value

    return read


def test_a_retry_costs_the_rest_the_listing_and_the_trees_that_were_open(
    warehouse, warehouse_settings, interrupted
):
    sizes = {"well": 12}
    server = MadeUp(sizes)
    with replay(answers=server) as (url, replayed):
        interrupted(20, Killed(), target(url))
        asked = len(replayed.asked)
        counts = extract(warehouse, warehouse_settings, target(url), WINDOW, "run/1")
        again = replayed.asked[asked:]
        whole = 3 + 2 * 12
        assert len(again) <= whole - 19 + 1 + 2 * 4
        # The first page of the listing and its trees were done.
        assert again[0].startswith("GET /r/well/new?limit=5&after=t3_wellx4&count=5")
        assert not any("/comments/wellx0" in path for path in again)
        assert counts["comments_left_folded"] == 0

        asked = len(replayed.asked)
        extract(warehouse, warehouse_settings, target(url), WINDOW, "run/1")
        assert len(replayed.asked) - asked == whole, "what was done begins at the top"
    assert kept_in(warehouse) == everything_in(sizes)


def test_a_wait_says_that_it_goes_on_only_where_something_was_gained(interrupted):
    slowly = SourceUnavailable("slowly", timedelta(minutes=5))
    with replay(answers=MadeUp({"well": 12})) as (url, _):
        kinds = [type(interrupted(page, slowly, target(url))) for page in (2, 20, 1)]
    assert kinds == [SourceUnavailable, SourcePaused, SourceUnavailable]


def test_where_the_place_was_removed_meanwhile_the_listing_is_read_from_its_top(
    warehouse, warehouse_settings, interrupted
):
    server = MadeUp({"well": 12})

    async def knows_no_such_place(_):
        server.instead = {}
        return web.json_response(listing([]))

    with replay(answers=server) as (url, _):
        interrupted(20, Killed(), target(url))
        server.instead = {"/r/well/new": knows_no_such_place}
        extract(warehouse, warehouse_settings, target(url), WINDOW, "run/1")
    assert kept_in(warehouse) == everything_in({"well": 12})


def test_the_second_listing_goes_on_without_the_first(
    warehouse, warehouse_settings, interrupted
):
    server = MadeUp({"well": 6})
    server.instead = {"/r/well/search": lambda request: server.newest(request, "well")}
    wanted = {"search": ["a word"], "comment_budget": 0}
    with replay(answers=server) as (url, replayed):
        # Two pages and six trees of the first, then the second's.
        interrupted(10, Killed(), target(url, **wanted))
        asked = len(replayed.asked)
        counts = extract(warehouse, warehouse_settings, target(url, **wanted), WINDOW, "run/1")
    again = replayed.asked[asked:]
    assert all(path.startswith("GET /r/well/search") for path in again)
    assert 1 <= len(again) <= 2
    assert counts["comments_left_folded"] == 6 * 2


@pytest.mark.parametrize("after", [["t3_x"], "t3_\x00", "a b", {"x": 1}])
def test_a_place_that_is_no_name_is_not_gone_to(gate, after):
    async def odd(_request):
        return web.json_response(listing([submission("wellx0")], after))

    with replay(answers={"/r/well/new": odd}) as (url, replayed):
        wanted = reddit.TARGET.model_validate(target(url, comment_budget=0))
        with (
            reddit.open_reader(Settings(), wanted, gate) as reader,
            pytest.raises(SourceChanged, match="goes on at"),
        ):
            list(reader.read(WINDOW))
    assert sum("/new" in path for path in replayed.asked) == 1


def test_what_one_listing_cut_short_is_counted_with_the_run(warehouse, warehouse_settings):
    with replay(answers=MadeUp({"well": 12})) as (url, _):
        limited = target(url, limit=10, comment_budget=0)
        counts = extract(warehouse, warehouse_settings, limited, WINDOW, "run/1")
    assert counts["listings_cut_short"] == 1
