"""Recorded sessions of Reddit, replayed on loopback and read through an unmodified asyncpraw."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import asyncpraw
import pytest
from aiohttp import web

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.sources import reddit
from tests.sources.reddit_replay import replay

ALL_OF_2015 = Window(datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC))
EVER = Window(datetime(2005, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
FOLDED = "TestCommentForest.test_replace__all_with_comment_limit.json"
UNFOLDED = "TestCommentForest.test_replace__all_with_comment_sort.json"
STREAM = "TestSubredditStreams.test_submissions.json"


async def only_one(_request):
    """A listing of the one submission whose comments were recorded."""
    known = {
        "id": "3hahrw",
        "name": "t3_3hahrw",
        "title": "Ba dum tsss",
        "subreddit": "funny",
        "author": "somebody",
        "created_utc": 1439770000.0,
        "num_comments": 527,
    }
    things = [{"kind": "t3", "data": known}]
    return web.json_response({"kind": "Listing", "data": {"after": None, "children": things}})


@pytest.fixture
def cassettes(corpora):
    return corpora / "reddit" / "cassettes"


@pytest.fixture
def read(gate):
    def reading(url, window=ALL_OF_2015, **wanted):
        known = {"subreddit": "funny", "base_url": url, "listings": ["new"]}
        target = reddit.TARGET.model_validate(known | wanted)
        with reddit.open_reader(Settings(), target, gate) as reader:
            pages = list(reader.read(window))
        assert not any(page.rejected for page in pages)
        assert not gate.waits
        assert not gate.failures
        return pages, reader.counts

    return reading


def comments_in(pages):
    return [event for page in pages for event in page.events if event.event_type == "comment"]


async def as_asyncpraw_has_it(url, limit, sort):
    """The ids in asyncpraw's own forest, with nothing left folded."""
    async with asyncpraw.Reddit(
        client_id="x",
        client_secret="x",
        user_agent="chorus tests",
        reddit_url=url,
        oauth_url=url,
        check_for_updates=False,
    ) as client:
        submission = await client.submission("3hahrw", fetch=False)
        submission.comment_limit, submission.comment_sort = limit, sort
        await submission.load()
        await submission.comments.replace_more(limit=None)
        return {comment.name for comment in submission.comments.list()}


@pytest.mark.parametrize(
    ("cassette", "limit", "sort"), [(FOLDED, 10, "confidence"), (UNFOLDED, 2048, "old")]
)
def test_the_largest_recorded_submission_unfolds_to_what_asyncpraw_makes_of_it(
    cassettes, cassette, limit, sort, read
):
    with replay(cassettes / cassette) as (url, _):
        expected = asyncio.run(as_asyncpraw_has_it(url, limit, sort))
    with replay(cassettes / cassette, answers={"/r/funny/new": only_one}) as (url, replayed):
        pages, counts = read(url, comment_budget=None)

    assert len(expected) > 500
    assert {event.post_id for event in comments_in(pages)} == expected
    assert counts["comments_left_folded"] == 0
    assert counts["requests"] == len(replayed.asked)


def test_a_page_is_one_answer_and_holds_no_replies_inside_its_comments(cassettes, read):
    with replay(cassettes / FOLDED, answers={"/r/funny/new": only_one}) as (url, replayed):
        pages, _ = read(url, comment_budget=None)
    assert len(pages) == len(replayed.asked)
    assert max(len(comments_in([page])) for page in pages) < 100
    assert not any("replies" in event.payload for event in comments_in(pages))


def test_the_budget_is_kept_spent_on_the_largest_folds_and_what_it_missed_is_counted(
    cassettes, read
):
    found = []
    for budget in (0, 3, 20):
        with replay(cassettes / FOLDED, answers={"/r/funny/new": only_one}) as (url, replayed):
            pages, counts = read(url, comment_budget=budget)
        assert len(replayed.asked) == 2 + budget
        found.append(
            (len({e.post_id for e in comments_in(pages)}), counts["comments_left_folded"])
        )
    assert [comments for comments, _ in found] == sorted(comments for comments, _ in found)
    assert found[0][0] == 10
    assert all(left > 0 for _, left in found)
    # Three requests of forty brought half of all comments: the largest folds came first.
    assert found[1][0] > 536 / 2


def test_what_is_left_of_the_budget_reaches_the_gate_that_all_readers_share(
    cassettes, read, gate
):
    with replay(cassettes / UNFOLDED, answers={"/r/funny/new": only_one}) as (url, _):
        read(url)
    told = [budget for budget in gate.budgets if budget is not None]
    assert sorted(budget.remaining for budget in told) == [590, 591, 592, 593, 594, 596, 598]
    assert {budget.limit for budget in told} == {600}
    assert told[0].resets_in.total_seconds() == 600


def test_a_recorded_listing_becomes_submissions_and_their_authors(cassettes, read):
    with replay(cassettes / STREAM) as (url, _):
        pages, counts = read(url, EVER, subreddit="all", limit=100, minimum_score=10**9)
    kinds = Counter(event.event_type for page in pages for event in page.events)
    assert kinds["submission"] == 100
    assert 0 < kinds["account"] <= 100
    assert counts["requests"] == 1


def test_of_a_listing_only_the_window_is_kept_and_nothing_older_is_asked_for(cassettes, read):
    with replay(cassettes / STREAM) as (url, replayed):
        everything, _ = read(url, EVER, subreddit="all", limit=100, minimum_score=10**9)
        moments = sorted(
            e.occurred_at for p in everything for e in p.events if e.event_type == "submission"
        )
        window = Window(moments[30], moments[60])
        asked = len(replayed.asked)
        pages, _ = read(url, window, subreddit="all", minimum_score=10**9)
    kept = [e for p in pages for e in p.events if e.event_type == "submission"]
    assert sorted(e.occurred_at for e in kept) == [m for m in moments if m in window]
    assert len(replayed.asked) == asked + 1
