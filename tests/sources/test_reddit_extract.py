"""Subreddits into bronze: what a failure interrupts is read again, and each row is there once."""

from datetime import UTC, datetime

import pytest
from aiohttp import web

from chorus.domain.errors import SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from tests.sources.reddit_replay import replay
from tests.sources.test_reddit_recorded import FOLDED, only_one

WINDOW = Window(datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC))
SLOWED = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "600", "x-ratelimit-reset": "500"}


@pytest.fixture
def bronze(warehouse):
    def look():
        rows = warehouse.execute(
            "select event_type, count(*), count(distinct post_id) from bronze.raw_events group by 1"
        ).fetchall()
        warehouse.commit()
        return {kind: (rows, posts) for kind, rows, posts in rows}

    return look


def target(url):
    return {
        "source": "reddit",
        "name": "funny",
        "instance": "reddit.example",
        "base_url": url,
        "listings": ["new"],
        "comment_budget": None,
    }


def test_what_a_failure_interrupts_is_read_again_and_every_row_is_there_once(
    warehouse, warehouse_settings, corpora, bronze
):
    cassette = corpora / "reddit" / "cassettes" / FOLDED
    asked = []

    async def fails_late(_request):
        asked.append(1)
        return web.json_response({"error": 429}, status=429, headers=SLOWED)

    broken = {"/r/funny/new": only_one, "/comments/3hahrw/_/cu61zil": fails_late}
    with (
        replay(cassette, answers=broken) as (url, _),
        pytest.raises(SourceUnavailable, match="asks for 500 s"),
    ):
        extract(warehouse, warehouse_settings, target(url), WINDOW, "run/1")
    kept = bronze()["comment"]
    assert kept[0] > 100
    assert asked

    # What Reddit asked for binds every reader, so another task does not even knock.
    with (
        replay(cassette) as (url, replayed),
        pytest.raises(SourceUnavailable, match="left alone"),
    ):
        extract(warehouse, warehouse_settings, target(url), WINDOW, "run/2")
    assert replayed.asked == []

    warehouse.execute("delete from ops.source_state")
    warehouse.commit()
    for run in ("run/3", "run/4"):
        with replay(cassette, answers={"/r/funny/new": only_one}) as (url, _):
            counts = extract(warehouse, warehouse_settings, target(url), WINDOW, run)
    assert counts["events_new"] == 0
    assert counts["comments_left_folded"] == 0
    rows, comments = bronze()["comment"]
    assert comments == 536
    # The same comment behind two folds was recorded at two moments, with two scores.
    assert comments <= rows < comments * 1.02
    steps = warehouse.execute(
        "select state from bronze.pipeline_steps order by pipeline_run_id"
    ).fetchall()
    assert steps == [("failed",), ("failed",), ("success",), ("success",)]
