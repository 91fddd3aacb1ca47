"""Life is a function of seed and time: the same each time, and different as time goes on."""

from datetime import UTC, datetime
from statistics import mean

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from chorus.demo.life.accounts import population
from chorus.demo.life.engagement import counts
from chorus.demo.life.instances import MASTODON, ULID
from chorus.demo.life.moments import DAY, HOUR, MINUTE, milliseconds
from chorus.demo.life.posts import Mood, Post
from chorus.demo.life.text import text_of
from chorus.demo.life.world import World
from chorus.demo.payloads.mastodon import MastodonPayloads

TODAY = milliseconds(datetime(2026, 3, 10, tzinfo=UTC))


def posts_of(world: World, instance: str, hours: range) -> list[Post]:
    timeline = world.timelines[instance]
    return [sighting.post for hour in hours for sighting in timeline.hour(hour).everything]


@pytest.fixture(scope="module")
def today(world: World) -> list[Post]:
    return posts_of(world, MASTODON, range(TODAY // HOUR, TODAY // HOUR + 24))


def test_an_hour_is_the_same_whoever_asks_and_whatever_was_asked_before():
    first, second = World(), World()
    hour = TODAY // HOUR
    posts_of(first, ULID, range(hour - 30, hour + 3))

    def said(world: World) -> list[dict]:
        payloads = MastodonPayloads(world, world.timelines[MASTODON])
        return [
            payloads.status(post, TODAY + DAY)
            for post in posts_of(world, MASTODON, range(hour, hour + 1))
        ]

    assert said(first) == said(second) != said(World(7))


def test_a_year_ago_people_talked_as_well(world):
    a_year_ago = TODAY // HOUR - 365 * 24
    assert len(posts_of(world, MASTODON, range(a_year_ago, a_year_ago + 1))) > 100


@pytest.mark.parametrize("rate", [450, 2000])
def test_as_many_posts_arrive_as_were_asked_for(rate):
    world = World(posts_per_hour=rate)
    # Hours 9 to 9 of a day are its mean: the rhythm is a sine.
    hours = [TODAY // HOUR + h for h in ((3, 9, 15, 21) if rate > 1000 else range(24))]
    heard = {
        instance: mean(
            sum(
                bool(p.hashtags) and p.visibility == "public"
                for p in posts_of(world, instance, [h])
            )
            for h in hours
        )
        for instance in (MASTODON, ULID)
    }
    assert heard[MASTODON] == pytest.approx(rate, rel=0.15)
    assert heard[ULID] == pytest.approx(rate / 3, rel=0.2)


def test_some_posts_arrive_hours_after_they_were_written(today):
    late = [p for p in today if p.arrivals[MASTODON] - p.created > HOUR]
    assert 0.005 < len(late) / len(today) < 0.1
    assert all(p.author.home != MASTODON for p in late)


def test_some_posts_are_seen_on_both_servers(today):
    both = [p for p in today if ULID in p.arrivals]
    assert len(both) > len(today) / 10


def test_threads_are_several_deep_and_answers_come_after_what_they_answer(today):
    def depth(post: Post) -> int:
        return 0 if post.parent is None else 1 + depth(post.parent)

    assert max(map(depth, today)) >= 4
    for post in today:
        if post.parent is not None:
            assert post.created > post.parent.created
            assert post.arrivals[MASTODON] > post.parent.arrivals[MASTODON]


def test_a_hashtag_rises_and_falls(world):
    python = world.hashtags_by_name["python"].index
    timeline = world.timelines[MASTODON]
    uses = [
        len(timeline.hour(TODAY // HOUR + hour).by_hashtag.get(python, []))
        for hour in range(0, 21 * 24, 24)
    ]
    assert max(uses) > 3 * max(1, min(uses))


def test_engagement_grows_and_settles(today):
    liked = max(today, key=lambda post: post.favourites)
    home, created = liked.author.home, liked.created
    seen = [
        counts(liked, home if home in liked.arrivals else MASTODON, created + age).favourites
        for age in (MINUTE, HOUR, 6 * HOUR, 3 * DAY, 4 * DAY)
    ]
    assert seen == sorted(seen)
    assert seen[0] < seen[2] < seen[3]
    assert seen[4] - seen[3] <= 1


def test_a_week_later_nobody_likes_or_boosts_any_more(today):
    for post in today:
        then, long_after = (
            counts(post, MASTODON, post.created + age) for age in (7 * DAY, 60 * DAY)
        )
        assert (then.boosts, then.favourites) == (long_after.boosts, long_after.favourites)


def test_people_rename_themselves_and_cross_the_edges_of_tiers():
    people = population(1337, 1000)
    weeks = [TODAY + week * 7 * DAY for week in range(12)]
    renamed = [a for a in people if len({a.display_name(week) for week in weeks}) > 1]
    assert 50 < len(renamed) < 600

    def tier(followers: int) -> int:
        return sum(followers >= edge for edge in (10_000, 100_000, 1_000_000))

    crossing = [a for a in people if len({tier(a.followers(week)) for week in weeks}) > 1]
    assert len(crossing) >= 10
    assert {tier(a.followers(TODAY)) for a in people} == {0, 1, 2, 3}


def test_vader_reads_in_english_posts_the_mood_they_were_written_in(world, today):
    vader = SentimentIntensityAnalyzer()

    def read(text: str) -> Mood:
        score = vader.polarity_scores(text)["compound"]
        return Mood((score >= 0.05) - (score <= -0.05))

    english = [p for p in today if p.language == "en" and p.boosted is None]
    right = [p for p in english if read(text_of(p, world.hashtags, TODAY).plain) == p.mood]
    assert len(right) / len(english) > 0.93


def test_many_scripts_are_written(today):
    assert {"en", "de", "es", "fr", "pt", "ja", "ar", "hi", "zh"} <= {p.language for p in today}
