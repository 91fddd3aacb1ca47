"""Reading the demo network's Mastodon, whose timelines are in order of arrival: what an hour costs, and what it gives."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest

from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources.http import Http
from chorus.sources.mastodon import Mastodon, what_runs
from chorus.sources.mastodon_events import created_at
from chorus.sources.mastodon_walk import LATE, told_by

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running


@pytest.fixture
def mastodon(network, gate):
    with Http(network.mastodon_url, gate) as http:
        yield Mastodon(http, "mastodon.demo", what_runs(http))


@pytest.fixture
def read(mastodon, network):
    def posts(window, *, timeline="hashtag", name="python", late=LATE):
        target = Target(
            instance="mastodon.demo",
            base_url=network.mastodon_url,
            timeline=timeline,
            name=name,
        )
        return {
            event.post_id: event.payload
            for page in replace(mastodon, late=late).read(target, window)
            for event in page.events
            if event.event_type in {"status", "reblog"}
        }

    return posts


def in_window(posts, window):
    return {name for name, post in posts.items() if created_at(post) in window}


def test_an_hour_of_the_last_week_costs_its_own_pages_and_two(mastodon, read):
    week = Window.back_from(NOON, timedelta(days=7))
    everything = read(week)
    found, spent = {}, Counter()
    since = week.since
    while since < week.until:
        hour = Window(since, since + HOUR)
        before = mastodon.http.requests
        posts = read(hour)
        cost = mastodon.http.requests - before
        assert cost <= ceil(len(in_window(posts, hour)) / 40) + 2, hour
        found |= posts
        spent["requests"] += cost
        since += HOUR

    assert len(everything) > 1000
    assert found.keys() == everything.keys()


def test_an_hour_gives_what_was_created_in_it_and_what_only_arrived_in_it(read):
    hour = Window.back_from(NOON - timedelta(days=2), HOUR)
    there = read(Window(hour.since - 4 * HOUR, hour.until + 4 * HOUR))
    found = read(hour)

    created = {name for name in in_window(there, hour) if told_by(name) < hour.until + LATE}
    assert in_window(found, hour) == created
    assert len(created) > 0.9 * len(in_window(there, hour))
    for name in found.keys() - created:
        assert created_at(found[name]) < hour.since <= told_by(name)


def test_windows_side_by_side_miss_nothing(read):
    until = NOON - timedelta(days=1)
    whole = read(Window.back_from(until, 12 * HOUR))
    parts = {}
    for back in range(12):
        parts |= read(Window.back_from(until - back * HOUR, HOUR))
    assert parts.keys() == whole.keys()


def test_windows_side_by_side_have_every_post_however_late_it_arrived(mastodon, read):
    everything = read(Window.back_from(NOON, 30 * HOUR))
    hours = [Window.back_from(NOON - back * HOUR, HOUR) for back in range(24)]
    found = {}
    for hour in hours:
        before = mastodon.http.requests
        posts = read(hour)
        assert mastodon.http.requests - before <= ceil(len(in_window(posts, hour)) / 40) + 2
        found |= posts
    # Of those created in the last hours some have not arrived anywhere yet.
    day = Window(NOON - 24 * HOUR, NOON)
    late = [name for name in in_window(everything, day) if _delay(everything[name]) > HOUR]
    assert len(late) > 20
    assert in_window(found, day) == in_window(everything, day)


@pytest.mark.parametrize("tag", ["python", "photography", "opensource"])
def test_a_window_on_its_own_is_whole_where_the_longest_delay_is_read_with_it(
    mastodon, read, tag
):
    delay = 3 * HOUR + timedelta(minutes=10)
    everything = read(Window.back_from(NOON, 30 * HOUR), name=tag)
    missed = 0
    for back in range(5, 20):
        hour = Window.back_from(NOON - back * HOUR, HOUR)
        created = in_window(everything, hour)
        before = mastodon.http.requests
        assert in_window(read(hour, name=tag, late=delay), hour) == created
        span = Window(hour.since, hour.until + delay)
        arrived = [name for name in everything if told_by(name) in span]
        assert mastodon.http.requests - before <= ceil(len(arrived) / 40) + 2
        missed += len(created - in_window(read(hour, name=tag), hour))
    assert missed > 0


def _delay(post):
    return told_by(post["id"]) - created_at(post)


@pytest.mark.parametrize("name", ["local", "federated"])
def test_the_public_timeline_is_read_too(read, name):
    hour = Window.back_from(NOON - timedelta(days=1), HOUR)
    assert len(in_window(read(hour, timeline="public", name=name), hour)) > 20
