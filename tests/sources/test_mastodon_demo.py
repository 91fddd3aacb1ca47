"""Reading the demo network's Mastodon, whose timelines are in order of arrival: what an hour costs, and what it gives."""

from datetime import UTC, datetime, timedelta
from math import ceil
from types import SimpleNamespace

import pytest

from chorus.demo.life import timeline
from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources import http as client
from chorus.sources.http import Http
from chorus.sources.mastodon import Mastodon
from chorus.sources.mastodon_events import created_at
from chorus.sources.mastodon_software import what_runs
from chorus.sources.mastodon_walk import MARGIN, told_by

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running


@pytest.fixture
def url_of_late_deliveries(monkeypatch):
    """A network that delivers hours late what else its servers fetch when they come upon it."""
    monkeypatch.setattr(timeline, "placed_at", lambda post, instance: post.arrivals[instance])
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running.mastodon_url


@pytest.fixture
def mastodon(network, gate):
    with Http(network.mastodon_url, gate) as http:
        yield Mastodon(http, "mastodon.demo", what_runs(http))


@pytest.fixture
def read(mastodon):
    return reader(mastodon)


def reader(mastodon):
    def posts(window, *, timeline="hashtag", name="python"):
        target = Target(
            instance="mastodon.demo",
            base_url=mastodon.http.base_url,
            timeline=timeline,
            name=name,
        )
        return {
            event.post_id: event.payload
            for page in mastodon.read(target, window)
            for event in page.events
            if event.event_type in {"status", "reblog"}
        }

    return posts


def hours_back(many):
    return [Window.back_from(NOON - back * HOUR, HOUR) for back in range(many)]


def in_window(posts, window):
    return {name for name, post in posts.items() if created_at(post) in window}


def cost_of(mastodon, read, window, **timeline):
    before = mastodon.http.requests
    found = in_window(read(window, **timeline), window)
    return found, mastodon.http.requests - before


@pytest.mark.parametrize(
    ("timeline", "name", "hours"),
    [
        ("hashtag", "python", 7 * 24),
        ("hashtag", "photography", 48),
        ("public", "local", 24),
        ("public", "federated", 24),
        pytest.param("public", "federated", 7 * 24, marks=pytest.mark.nightly),
    ],
)
def test_an_hour_of_the_last_week_is_whole_and_costs_its_own_pages_and_two(
    mastodon, read, timeline, name, hours
):
    of = {"timeline": timeline, "name": name}
    everything = read(Window.back_from(NOON, hours * HOUR), **of)
    for hour in hours_back(hours):
        found, cost = cost_of(mastodon, read, hour, **of)
        assert found == in_window(everything, hour), hour
        assert cost <= ceil(len(found) / 40) + 2, hour
    assert len(everything) > 5 * hours
    is_late = [post for post in everything.values() if _delay(post) > timedelta(seconds=30)]
    assert is_late or name == "local"


def test_an_hour_gives_what_was_created_in_it_and_what_only_arrived_in_it(read):
    hour = Window.back_from(NOON - timedelta(days=2), HOUR)
    there = read(Window(hour.since - 4 * HOUR, hour.until + 4 * HOUR))
    found = read(hour)

    assert in_window(found, hour) == in_window(there, hour)
    for name in found.keys() - in_window(there, hour):
        assert created_at(found[name]) < hour.since
        assert told_by(name) in hour


def test_windows_side_by_side_miss_nothing(read):
    until = NOON - timedelta(days=1)
    whole = read(Window.back_from(until, 12 * HOUR))
    parts = {}
    for back in range(12):
        parts |= read(Window.back_from(until - back * HOUR, HOUR))
    assert parts.keys() == whole.keys()


def test_a_day_of_hours_that_are_read_as_they_end_has_what_was_fetched_after_them(
    gate, monkeypatch
):
    """A post that is fetched hours late lies in an hour that was read: two requests more find it there."""
    now = NOON
    monkeypatch.setattr(client, "datetime", SimpleNamespace(now=lambda _: now))
    with (
        demo_network(clock=lambda: now, limits=False, world=World()) as network,
        Http(network.mastodon_url, gate) as http,
    ):
        read = reader(Mastodon(http, "mastodon.demo", what_runs(http)))
        found = {}
        for window in reversed(hours_back(24)):
            now = window.until + timedelta(minutes=2)
            found |= read(window, name="photography")
        day = Window(NOON - 24 * HOUR, NOON - 3 * HOUR)
        everything = in_window(read(day, name="photography"), day)
    assert everything <= in_window(found, day)
    assert len(everything) > 100


@pytest.mark.parametrize(
    ("timeline", "name", "hours"), [("hashtag", "python", 24), ("public", "federated", 6)]
)
def test_where_posts_are_delivered_hours_late_an_hour_is_followed_until_it_is_whole(
    gate, url_of_late_deliveries, timeline, name, hours
):
    """And no further than the three hours that a post takes there."""
    of = {"timeline": timeline, "name": name}
    with Http(url_of_late_deliveries, gate) as http:
        mastodon = Mastodon(http, "mastodon.demo", what_runs(http))
        read = reader(mastodon)
        everything = read(Window.back_from(NOON, (hours + 6) * HOUR), **of)
        late = [post for post in everything.values() if _delay(post) > HOUR]
        assert len(late) > hours
        for hour in hours_back(hours):
            found, cost = cost_of(mastodon, read, hour, **of)
            assert found == in_window(everything, hour), hour
            until = hour.until + 3 * HOUR + MARGIN
            most = len(in_window(everything, Window(hour.since - HOUR, until)))
            assert cost <= ceil(most / 40) + 2, hour


def _delay(post):
    return told_by(post["id"]) - created_at(post)
