"""Reading the demo network's Mastodon, whose timelines are in order of arrival: what an hour costs, and what it gives."""

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
from chorus.sources.mastodon_walk import MARGIN, told_by

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
    def posts(window, *, timeline="hashtag", name="python", late=MARGIN):
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


def hours_back(many):
    return [Window.back_from(NOON - back * HOUR, HOUR) for back in range(many)]


def in_window(posts, window):
    return {name for name, post in posts.items() if created_at(post) in window}


@pytest.mark.parametrize(("tag", "hours"), [("python", 7 * 24), ("photography", 24)])
def test_an_hour_of_the_last_week_costs_its_own_pages_and_two(mastodon, read, tag, hours):
    """And holds what was created in it, but for a few that came hours late to a tag that is busy just then."""
    everything = read(Window.back_from(NOON, hours * HOUR), name=tag)
    found, missing = {}, 0
    for hour in hours_back(hours):
        before = mastodon.http.requests
        posts = read(hour, name=tag)
        created = in_window(posts, hour)
        cost = mastodon.http.requests - before
        assert cost <= ceil(len(created) / 40) + 2, hour
        there = in_window(everything, hour)
        assert created <= there
        assert created == there or cost == ceil(len(created) / 40) + 2, hour
        missing += len(there - created)
        found |= posts

    assert found.keys() == everything.keys()
    assert len(everything) > 5 * hours
    assert missing <= (0.002 * len(everything) if tag == "python" else 0)


@pytest.mark.parametrize("name", ["local", "federated"])
def test_an_hour_of_the_public_timeline_costs_its_own_pages_and_two_and_a_day_of_them_is_whole(
    mastodon, read, name
):
    """What an hour on its own does not reach, since it came later than two pages show, the hours after it bring."""
    found, alone = {}, 0
    for hour in hours_back(24):
        before = mastodon.http.requests
        posts = read(hour, timeline="public", name=name)
        assert mastodon.http.requests - before <= ceil(len(posts) / 40) + 2, hour
        assert len(in_window(posts, hour)) > 20
        alone += len(in_window(posts, hour))
        found |= posts
    day = Window.back_from(NOON, 24 * HOUR)
    everything = in_window(read(day, timeline="public", name=name), day)
    assert in_window(found, day) == everything
    assert (alone < len(everything)) == (name == "federated")


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


def test_windows_side_by_side_have_every_post_however_late_it_arrived(mastodon, read):
    everything = read(Window.back_from(NOON, 30 * HOUR))
    found = {}
    for hour in hours_back(24):
        before = mastodon.http.requests
        posts = read(hour)
        assert mastodon.http.requests - before <= ceil(len(in_window(posts, hour)) / 40) + 2
        found |= posts
    # Of those created in the last hours some have not arrived anywhere yet.
    day = Window(NOON - 24 * HOUR, NOON)
    late = [name for name in in_window(everything, day) if _delay(everything[name]) > HOUR]
    assert len(late) > 20
    assert in_window(found, day) == in_window(everything, day)


@pytest.mark.parametrize(
    ("timeline", "name", "hours"), [("hashtag", "python", 20), ("public", "federated", 2)]
)
def test_a_busy_window_on_its_own_is_whole_where_the_longest_delay_is_read_with_it(
    read, timeline, name, hours
):
    everything = read(Window.back_from(NOON, (hours + 10) * HOUR), timeline=timeline, name=name)
    for hour in hours_back(hours + 4)[4:]:
        late = 3 * HOUR + timedelta(minutes=10)
        found = read(hour, timeline=timeline, name=name, late=late)
        assert in_window(found, hour) == in_window(everything, hour)


def _delay(post):
    return told_by(post["id"]) - created_at(post)
