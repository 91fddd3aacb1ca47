"""A thread that is ill is left for later: what is listed behind it is read, and the next try asks for it alone."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiohttp import web

from chorus.domain.errors import (
    SourceChanged,
    SourceIncomplete,
    SourceRefused,
    SourceUnavailable,
)
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.gate import SharedGate
from chorus.pipelines.missed import list_missed, make_up
from chorus.pipelines.runs import close_run, open_run
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import MadeUp, everything_in, kept_in
from tests.sources.reddit_replay import replay
from tests.sources.test_reddit_failures import SLOWED, breaks_off, says

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
RUN = "bronze_reddit/1"
HTML = "<html><title>Our servers are busy</title></html>"


@pytest.fixture(autouse=True)
def _at_once(warehouse, warehouse_settings, monkeypatch):
    with connect(warehouse_settings, autocommit=True) as shared:
        SharedGate(shared, "reddit", "reddit.example").answered(None)
    monkeypatch.setattr(
        "asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None
    )
    monkeypatch.setattr("chorus.sources.reddit_client.nap", lambda _: 0.0)
    monkeypatch.setattr("chorus.sources.reddit_reading.MOST_A_PAGE", 5)
    open_run(warehouse, warehouse_settings, RUN, source="reddit", window=WINDOW)


def target(url, **wanted):
    where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
    return {**where, "name": "well", "listings": ["new"], **wanted}


@pytest.fixture
def stored(warehouse):
    return partial(kept_in, warehouse)


def comments_of(*names):
    return {f"t1_{name}c{number}" for name in names for number in range(4)}


def page_of(text):
    async def answer(_):
        return web.Response(text=text, content_type="text/html")

    return answer


@pytest.mark.parametrize(
    ("answer", "says_why"),
    [
        (says(500), r"not well \(500\)"),
        (says(504), r"not well \(504\)"),
        (says(403), r"\(403\)"),
        (breaks_off, "did not answer whole"),
        (page_of(HTML), "did not answer with JSON"),
        (says(200, text="[{}, {}]"), "no listing"),
    ],
    ids=["500", "504", "403", "truncated", "HTML", "odd"],
)
def test_what_is_listed_behind_it_is_read_and_the_next_run_reads_it_alone(
    warehouse, warehouse_settings, stored, answer, says_why
):
    sizes, ill = {"well": 12}, "wellx3"
    server = MadeUp(sizes, instead={f"/comments/{ill}": answer})
    with replay(answers=server) as (url, replayed):
        with pytest.raises(SourceIncomplete, match=says_why) as caught:
            extract(warehouse, warehouse_settings, target(url), WINDOW, RUN)
        assert "1 of its threads" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert stored() == everything_in(sizes) - comments_of(ill)
        close_run(warehouse, RUN)
        [missed] = list_missed(warehouse, warehouse_settings, "bronze_reddit", [target(url)])
        warehouse.commit()

        server.instead, asked = {}, len(replayed.asked)
        make_up(warehouse, warehouse_settings, missed)
        again = [path.partition("?")[0] for path in replayed.asked[asked:]]
        assert again[0] == f"GET /comments/{ill}/"
        assert set(again[1:]) == {"POST /api/morechildren/", "GET /r/well/new"}
    assert stored() == everything_in(sizes)
    assert list_missed(warehouse, warehouse_settings, "bronze_reddit", [target(url)]) == []


def test_one_that_is_ill_where_it_unfolds_is_left_too(warehouse, warehouse_settings, stored):
    server = MadeUp({"well": 6})

    async def one_is_ill(request):
        asked = await request.post()
        if asked["link_id"] == "t3_wellx1":
            return await says(500)(request)
        return await server.unfolded(request)

    server.instead = {"/api/morechildren": one_is_ill}
    with (
        replay(answers=server) as (url, _),
        pytest.raises(SourceIncomplete, match="wellx1"),
    ):
        extract(warehouse, warehouse_settings, target(url), WINDOW, RUN)
    assert stored() == everything_in({"well": 6}) - {"t1_wellx1c2", "t1_wellx1c3"}


def test_it_is_asked_for_once_however_many_listings_name_it(warehouse, warehouse_settings):
    server = MadeUp({"well": 3}, instead={"/comments/wellx1": says(403)})
    server.instead["/r/well/search"] = lambda request: server.newest(request, "well")
    with replay(answers=server) as (url, replayed):
        for _ in range(2):
            asked = len(replayed.asked)
            with pytest.raises(SourceIncomplete):
                extract(warehouse, warehouse_settings, target(url, search=["x"]), WINDOW, RUN)
            assert sum("wellx1" in path for path in replayed.asked[asked:]) == 1


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (says(500), SourceUnavailable),
        (says(403), SourceRefused),
        (page_of(HTML), SourceChanged),
    ],
    ids=["500", "403", "HTML"],
)
def test_where_every_thread_is_ill_it_is_the_subreddit(
    warehouse, warehouse_settings, answer, named
):
    every = {f"/comments/wellx{number}": answer for number in range(40)}
    with replay(answers=MadeUp({"well": 40}, instead=every)) as (url, replayed):
        with pytest.raises(named) as caught:
            extract(warehouse, warehouse_settings, target(url), WINDOW, RUN)
        assert type(caught.value) is named
        assert len({path for path in replayed.asked if "/comments/" in path}) < 20


@pytest.mark.parametrize(
    ("answer", "named"),
    [(says(429, headers=SLOWED), SourceUnavailable), (says(401), SourceRefused)],
    ids=["429", "401"],
)
def test_who_is_to_wait_or_not_let_in_is_so_for_every_thread(
    warehouse, warehouse_settings, answer, named
):
    server = MadeUp({"well": 30}, instead={"/comments/wellx3": answer})
    with replay(answers=server) as (url, replayed):
        with pytest.raises(named) as caught:
            extract(warehouse, warehouse_settings, target(url), WINDOW, RUN)
        assert not isinstance(caught.value, SourceIncomplete)
        assert sum("/new" in path for path in replayed.asked) == 1
    if named is SourceUnavailable:
        assert caught.value.retry_after > timedelta(seconds=240)
