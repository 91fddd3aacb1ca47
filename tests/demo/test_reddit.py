"""The demo's Reddit: shaped like the real one, whole when it is unfolded, limited as Reddit limits."""

import json
from datetime import timedelta

import pytest
import requests

from chorus.config import Settings
from chorus.demo.network import demo_network
from chorus.domain.errors import SourceUnavailable
from chorus.domain.identity import payload_hash
from chorus.domain.window import Window
from chorus.sources import reddit
from tests.demo.conftest import NOON
from tests.sources.conftest import OpenGate


@pytest.fixture
def read(network):
    def reading(gate=None, address=None, **wanted):
        url = address or network.addresses.reddit_url
        known = {"subreddit": "dataengineering", "instance": "reddit.demo", "base_url": url}
        target = reddit.TARGET.model_validate(known | {"listings": ["new"]} | wanted)
        window = Window(NOON.replace(hour=6), NOON)
        with reddit.open_reader(Settings(), target, gate or OpenGate()) as reader:
            pages = list(reader.read(window))
        assert not any(page.rejected for page in pages)
        return [event for page in pages for event in page.events], reader.counts

    return reading


def named(events, kind):
    return {event.post_id: event.payload for event in events if event.event_type == kind}


def test_a_subreddit_is_read_whole_folds_and_all(read):
    events, counts = read(comment_budget=None)
    submissions, comments = named(events, "submission"), named(events, "comment")
    assert len(submissions) > 10
    assert len(comments) == sum(said["num_comments"] for said in submissions.values()) > 10
    assert counts["comments_left_folded"] == 0
    # Some of it lay behind folds.
    shown = named(read(comment_budget=0)[0], "comment")
    assert shown.keys() < comments.keys()
    parents = {comment["parent_id"] for comment in comments.values()}
    assert parents <= submissions.keys() | comments.keys()


def test_it_is_the_same_whenever_it_is_asked(read):
    first, again = (read(listings=["new", "comments"])[0] for _ in range(2))
    assert {event.id for event in first} == {event.id for event in again}


@pytest.mark.parametrize("listing", ["hot", "top", "rising"])
def test_other_listings_are_there_too(network, get, listing):
    url = f"{network.addresses.reddit_url}/r/gardening/{listing}"
    things = get(url, limit=30)["data"]["children"]
    assert len(things) == 30
    assert {thing["kind"] for thing in things} == {"t3"}
    following = get(url, limit=30, after=f"t3_{things[-1]['data']['id']}")["data"]["children"]
    assert not {t["data"]["id"] for t in things} & {t["data"]["id"] for t in following}


def test_every_field_is_one_that_reddit_gives(read, corpora):
    real = {"submission": set(), "comment": set()}
    for cassette in (corpora / "reddit" / "cassettes").glob("*.json"):
        for interaction in json.loads(cassette.read_text())["interactions"]:
            body = interaction["response"]["body"]
            text = body.get("string") if isinstance(body, dict) else body
            if text and text[0] in "[{":
                collect(json.loads(text), real)
    events, _ = read()
    for kind, known in real.items():
        for said in named(events, kind).values():
            assert said.keys() <= known, kind


def collect(node, fields):
    kind = (
        {"t1": "comment", "t3": "submission"}.get(node.get("kind"))
        if isinstance(node, dict)
        else None
    )
    if kind and isinstance(node.get("data"), dict):
        fields[kind] |= node["data"].keys()
    for inside in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        collect(inside, fields)


def test_its_pages_open_in_a_browser_and_show_hostile_words_as_words(network, read):
    page = requests.get(f"{network.addresses.reddit_url}/r/science/", timeout=20)
    assert page.status_code == 200
    events, _ = read()
    for thing in [*named(events, "submission").values()][:10] + [
        *named(events, "comment").values()
    ][:10]:
        shown = requests.get(thing["permalink"], timeout=20)
        assert shown.status_code in {200, 404}
        assert "<script" not in shown.text


def test_beyond_its_limit_it_answers_429_and_says_when_to_come_back(
    read, clock, world, monkeypatch
):
    monkeypatch.setattr("chorus.demo.servers.reddit.REQUESTS", 3)
    monkeypatch.setattr("chorus.sources.reddit_client.ATTEMPTS", 1)
    gate = OpenGate()
    with (
        demo_network(clock=clock, world=world) as limited,
        pytest.raises(SourceUnavailable, match="429"),
    ):
        read(gate, limited.addresses.reddit_url)
    [wait] = set(gate.waits)
    assert 0 < wait.total_seconds() <= 600
    assert [budget.remaining for budget in gate.budgets if budget][-1] == 0


def test_a_window_beyond_what_a_listing_holds_says_what_is_missing(
    network, caplog, monkeypatch
):
    # As a subreddit with more than a thousand submissions since the window began.
    monkeypatch.setattr("chorus.demo.servers.reddit.LISTINGS_END", 30)
    known = {
        "subreddit": "gardening",
        "instance": "reddit.demo",
        "limit": 30,
        "listings": ["new"],
    }
    address = network.addresses.reddit_url
    target = reddit.TARGET.model_validate(known | {"base_url": address, "comment_budget": 0})
    week = Window.back_from(NOON, timedelta(days=7))
    with reddit.open_reader(Settings(), target, OpenGate()) as reader:
        events = [event for page in reader.read(week) for event in page.events]
    assert len(named(events, "submission")) == 30
    assert reader.counts["listings_cut_short"] == 1
    assert f"without reaching {week.since}" in caplog.text
    assert "its limit is 30, so older ones of this window are missing" in caplog.text


def test_things_are_known_by_their_names_and_are_what_the_trees_say(read, network, get):
    events, _ = read(comment_budget=None)
    shown = named(events, "submission") | named(events, "comment")
    asked = [*shown][:60] + [*shown][-40:]
    url = f"{network.addresses.reddit_url}/api/info/"
    found = get(url, id=",".join([*asked, "t1_nothing", "t3_nothing", "t5_x", ""]))
    told = {thing["data"]["name"]: thing["data"] for thing in found["data"]["children"]}
    assert told.keys() == set(asked)
    for name, said in told.items():
        kind = "submission" if name.startswith("t3_") else "comment"
        assert payload_hash(kind, said) == payload_hash(kind, shown[name]), name


def test_who_is_not_limited_is_told_of_no_budget(network):
    answer = requests.get(f"{network.addresses.reddit_url}/r/science/new", timeout=20)
    assert answer.ok
    assert not any("ratelimit" in name.lower() for name in answer.headers)
