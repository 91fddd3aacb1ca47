"""What is asked of a subreddit: its listings, searches and trees, in the words of Reddit's API."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.sources import reddit
from tests.sources.made_up_reddit import comment, listing, submission
from tests.sources.reddit_replay import replay

NOW = datetime.now(UTC)
TODAY = Window(NOW - timedelta(days=1), NOW + timedelta(hours=1))


@pytest.fixture
def read(gate):
    def reading(url, window=TODAY, **wanted):
        known = {"subreddit": "well", "base_url": url, "listings": ["new"]}
        target = reddit.TARGET.model_validate(known | wanted)
        with reddit.open_reader(Settings(), target, gate) as reader:
            pages = list(reader.read(window))
        events = [event for page in pages for event in page.events]
        return [e.post_id for e in events if e.event_type != "account"], reader.counts

    return reading


def now(thing, **more):
    """As it was written an hour ago."""
    created = (NOW - timedelta(hours=1)).timestamp()
    return {**thing, "data": {**thing["data"], "created_utc": created, **more}}


def lists(*things):
    async def answer(_request):
        return web.json_response(listing(list(things)))

    return answer


def test_each_listing_and_search_is_asked_for_as_reddit_wants_it(read):
    names = ("new", "hot", "rising", "top", "comments")
    answers = {
        f"/r/well/{name}": lists(now(submission(f"wellx{number}"), num_comments=0))
        for number, name in enumerate(names[:-1])
    }
    answers["/r/well/comments"] = lists(now(comment("wellx9", 0)))
    answers["/r/well/search"] = lists(now(submission("wellx7"), num_comments=0))
    with replay(answers=answers) as (url, replayed):
        found, counts = read(url, listings=names, top_of="week", search=["dag OR pipeline"])
    assert found == [
        *(f"t3_wellx{number}" for number in range(4)),
        "t1_wellx9c0",
        "t3_wellx7",
    ]
    asked = {}
    for line in replayed.asked:
        parts = urlsplit(line.partition(" ")[2])
        asked[parts.path.rpartition("/")[2]] = parse_qs(parts.query)
    assert asked.keys() == {*names, "search"}
    assert all(question["limit"] == ["100"] for question in asked.values())
    assert asked["top"]["t"] == ["week"]
    search = {"q": ["dag OR pipeline"], "restrict_sr": ["1"], "sort": ["new"], "t": ["all"]}
    assert asked["search"].items() >= search.items()
    assert counts["requests"] == 6


def test_what_two_listings_name_has_its_tree_read_once(read):
    both = lists(now(submission("wellx0")))
    answers = {f"/r/well/{name}": both for name in ("new", "hot")}
    tree = [listing([now(submission("wellx0"))]), listing([now(comment("wellx0", 0))])]
    answers["/comments/wellx0"] = lambda _: answered(tree)
    with replay(answers=answers) as (url, replayed):
        found, _ = read(url, listings=["new", "hot"])
    assert sorted(found) == ["t1_wellx0c0", "t3_wellx0", "t3_wellx0"]
    assert sum("/comments/" in line for line in replayed.asked) == 1


def test_below_the_minimum_score_a_submission_is_kept_without_its_comments(read):
    things = [
        now(submission(f"wellx{number}"), score=score)
        for number, score in enumerate((1, 2, None))
    ]
    tree = [listing([]), listing([now(comment("wellx1", 0))])]
    answers = {"/r/well/new": lists(*things)}
    answers |= {f"/comments/wellx{number}": lambda _: answered(tree) for number in range(3)}
    with replay(answers=answers) as (url, replayed):
        found, _ = read(url, minimum_score=2)
    assert {f"t3_wellx{number}" for number in range(3)} < set(found)
    asked = {line.split("/")[2] for line in replayed.asked if "/comments/" in line}
    # A score that is not told is none that is too low.
    assert asked == {"wellx1", "wellx2"}


def test_a_thread_that_goes_on_elsewhere_is_read_there(read):
    fold = {"kind": "more", "data": {"count": 0, "children": [], "parent_id": "t1_wellx0c1"}}
    shown = [listing([]), listing([now(comment("wellx0", 1)), fold])]
    deeper = now(comment("wellx0", 2), parent_id="t1_wellx0c1")
    top = now(comment("wellx0", 1), replies=listing([deeper]))
    answers = {
        "/r/well/new": lists(now(submission("wellx0"))),
        "/comments/wellx0": lambda _: answered(shown),
        "/comments/wellx0/_/wellx0c1": lambda _: answered([listing([]), listing([top])]),
    }
    with replay(answers=answers) as (url, _):
        found, counts = read(url, comment_budget=1)
        assert set(found) == {"t3_wellx0", "t1_wellx0c1", "t1_wellx0c2"}
        assert counts["comments_left_folded"] == 0
        found, counts = read(url, comment_budget=0)
    assert set(found) == {"t3_wellx0", "t1_wellx0c1"}
    assert counts["comments_left_folded"] == 1


async def answered(body):
    return web.json_response(body)
