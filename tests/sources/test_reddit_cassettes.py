"""Every recorded session of Reddit that holds a call of ours, replayed to it through an unmodified asyncpraw."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from chorus.config import Settings
from chorus.domain.second_looks import Known
from chorus.domain.window import Window
from chorus.sources import reddit
from tests.conftest import CORPORA
from tests.sources.made_up_reddit import listing, submission
from tests.sources.reddit_replay import replay

EVER = Window(datetime(2005, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
FOLDER = CORPORA / "reddit" / "cassettes"
TREE = re.compile(r"/comments/(\w+)/?")
DEEPER = re.compile(r"/comments/(\w+)/_/(\w+)/?")
LISTING = re.compile(r"/r/(\w+)/(new|hot|rising|top|comments)/?")
INFO = re.compile(r"/api/info/?")


@cache
def answers(cassette):
    """What was asked for with GET and answered well: path, query and body, in order."""
    found = []
    for one in json.loads(cassette.read_text())["interactions"]:
        asked, said = one["request"], one["response"]
        parts = urlsplit(asked.get("uri") or asked["url"])
        body = said["body"]
        text = body.get("string", "") if isinstance(body, dict) else body
        if asked["method"] == "GET" and text[:1] in ("[", "{"):
            found.append((parts.path, parse_qs(parts.query), json.loads(text)))
    return found


def sessions(pattern):
    """Each cassette with such a call, and what its path names."""
    if not FOLDER.is_dir():
        absent = f"the recorded responses are not at {CORPORA}"
        return [pytest.param("", (), {}, marks=pytest.mark.skip(reason=absent))]
    found = {}
    for cassette in sorted(FOLDER.glob("*.json")):
        for path, query, body in answers(cassette):
            if (match := pattern.fullmatch(path)) and (pattern is not INFO or "id" in query):
                names = (
                    (*match.groups(), *query.get("id", ()))
                    if pattern is INFO
                    else match.groups()
                )
                found.setdefault((cassette.name, names), body)
    return [
        pytest.param(
            name, names, body, id=f"{name.removesuffix('.json')} {'/'.join(names)[:40]}"
        )
        for (name, names), body in found.items()
    ]


@pytest.fixture
def reader(gate, corpora):
    def opened(url, **wanted):
        known = {"subreddit": "any", "base_url": url, "listings": ["new"], "comment_budget": 0}
        return reddit.open_reader(
            Settings(), reddit.TARGET.model_validate(known | wanted), gate
        )

    return opened


def names_in(pages, *kinds):
    assert not any(page.rejected for page in pages)
    events = [event for page in pages for event in page.events if event.event_type in kinds]
    assert not any("replies" in event.payload for event in events)
    return {event.post_id for event in events}


def shown_in(node, prefix="t1"):
    """The names of the things that an answer shows, however deep."""
    if isinstance(node, list):
        return {name for inside in node for name in shown_in(inside, prefix)}
    if not isinstance(node, dict):
        return set()
    below = {name for inside in node.values() for name in shown_in(inside, prefix)}
    return below | ({node["data"]["name"]} if node.get("kind") == prefix else set())


def answering(body):
    async def answer(_):
        return web.json_response(body)

    return answer


@pytest.mark.parametrize(("cassette", "names", "body"), sessions(TREE))
def test_a_tree_is_what_its_answer_shows(reader, cassette, names, body):
    begun, *_ = body[0]["data"]["children"]
    begun["data"] |= {"num_comments": 1}
    listed = {"/r/any/new": answering(listing([begun]))}
    with replay(FOLDER / cassette, answers=listed) as (url, _), reader(url) as open_reader:
        pages = list(open_reader.read(EVER))
    assert names_in(pages, "submission") == {f"t3_{names[0]}"}
    assert names_in(pages, "comment") == shown_in(body[1])


@pytest.mark.parametrize(("cassette", "names", "body"), sessions(DEEPER))
def test_a_thread_that_goes_on_elsewhere_is_what_its_answer_shows(
    reader, cassette, names, body
):
    root, comment = names
    begun = submission("anyx0")
    begun["data"] |= {"id": root, "name": f"t3_{root}", "created_utc": EVER.since.timestamp()}
    fold = {"count": 0, "children": [], "parent_id": f"t1_{comment}"}
    tree = [listing([begun]), listing([{"kind": "more", "data": fold}])]
    made_up = {
        "/r/any/new": answering(listing([begun])),
        f"/comments/{root}": answering(tree),
    }
    with (
        replay(FOLDER / cassette, answers=made_up) as (url, _),
        reader(url, comment_budget=1) as open_reader,
    ):
        pages = list(open_reader.read(EVER))
    assert names_in(pages, "comment") == shown_in(body[1])


@pytest.mark.parametrize(("cassette", "names", "body"), sessions(INFO))
def test_a_second_look_is_what_its_answer_holds(reader, cassette, names, body):
    asked = [name for name in names[-1].split(",") if name.startswith(("t1_", "t3_"))]
    posts = [Known(name, "any", EVER.since) for name in asked]
    with replay(FOLDER / cassette) as (url, _), reader(url) as open_reader:
        pages = list(open_reader.look_again(posts[:100]))
        untold = open_reader.counts["untold"]
    found = names_in(pages, "submission", "comment")
    assert found == shown_in(body, "t1") | shown_in(body, "t3")
    assert untold == len(posts[:100]) - len(found)


@pytest.mark.parametrize(("cassette", "names", "body"), sessions(LISTING))
def test_a_listing_is_what_its_answer_holds(reader, cassette, names, body):
    subreddit, name = names
    wanted = {
        "subreddit": subreddit,
        "listings": [name],
        "limit": len(body["data"]["children"]),
    }
    # Nothing recorded is of today, so what is only of now is asked for as if it were.
    window = Window(EVER.since, datetime.now(UTC))
    with (
        replay(FOLDER / cassette) as (url, _),
        reader(url, **wanted, minimum_score=10**9) as open_reader,
    ):
        pages = list(open_reader.read(window))
    assert names_in(pages, "submission") == shown_in(body, "t3")


def test_what_is_left_out_holds_no_call_of_ours(corpora):
    ours = {case.values[0] for kind in (TREE, DEEPER, INFO, LISTING) for case in sessions(kind)}
    left_out = {
        path
        for cassette in FOLDER.glob("*.json")
        if cassette.name not in ours
        for path, *_ in answers(cassette)
    }
    assert len(ours) == 36
    assert not [path for path in left_out if path.startswith(("/comments/", "/api/info"))], (
        left_out
    )
    assert not [path for path in left_out if LISTING.match(path)]
