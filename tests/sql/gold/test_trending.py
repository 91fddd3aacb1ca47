"""What trends is found over worlds small enough to be counted by hand."""

import random
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest

from chorus.domain.errors import ConfigurationError
from chorus.warehouse.gold_reads import trending

UNTIL = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture
def said(warehouse):
    """Say so many posts with a hashtag so many minutes before UNTIL."""
    ids = {}

    def said(hashtag, posts, minutes_ago, instance="one.example"):
        if hashtag not in ids:
            [ids[hashtag]] = warehouse.execute(
                "insert into dim_facts.hashtags (name, shown, first_seen_at, last_seen_at)"
                " values (%s, %s, now(), now()) returning hashtag_id",
                [hashtag, hashtag],
            ).fetchone()
        moment = UNTIL - timedelta(minutes=minutes_ago)
        for table, start in (("minute", moment), ("hour", moment.replace(minute=0))):
            name = "hashtag_minute_stats" if table == "minute" else "hashtag_hourly_stats"
            if table == "hour" or moment >= UNTIL - timedelta(hours=48):
                warehouse.execute(
                    f"insert into dim_facts.{name} as known values (%s, %s, 'mastodon', %s, %s, 1, %s)"
                    f" on conflict ({table}, hashtag_id, source, instance)"
                    " do update set posts = known.posts + excluded.posts,"
                    " engagement = known.engagement + excluded.engagement",
                    [start, ids[hashtag], instance, posts, 10 * posts],
                )
        warehouse.execute(
            "insert into analytics.rollup_hashtag_day as known values (%s, %s, %s, 0, 0, 0, 0, 0, 0)"
            " on conflict (hashtag_id, day) do update set posts = known.posts + excluded.posts",
            [ids[hashtag], moment.date(), posts],
        )

    return said


def names(rows):
    return [row["hashtag"] for row in rows]


def test_what_is_used_as_ever_does_not_trend_however_much_it_is_used(said, warehouse):
    for hour in range(25):
        said("always", 50, 60 * hour + 20)
    said("new", 10, 5)

    assert names(trending(warehouse, until=UNTIL)) == ["new"]
    assert names(trending(warehouse, until=UNTIL, min_growth=0)) == ["always", "new"]
    assert names(trending(warehouse, until=UNTIL, min_growth=0, by_growth=True)) == [
        "new",
        "always",
    ]


def test_growth_is_the_smoothed_ratio_of_posts_an_hour(said, warehouse):
    said("cats", 30, 10)
    said("cats", 48, 200)

    [cats] = trending(warehouse, until=UNTIL, minutes=30, smoothing=3)

    assert cats["recent"] == 60
    assert cats["baseline"] == 48 / 24
    assert cats["growth"] == pytest.approx((60 + 3) / (2 + 3))


def test_the_baseline_may_be_the_same_minutes_of_yesterday(said, warehouse):
    said("evening", 20, 10)
    said("evening", 20, 24 * 60 + 10)
    said("evening", 1000, 24 * 60 + 100)

    [evening] = trending(warehouse, until=UNTIL, baseline="yesterday", min_growth=0)
    assert (evening["recent"], evening["baseline"], evening["growth"]) == (20, 20, 1)


def test_a_window_that_has_no_whole_yesterday_is_refused(warehouse):
    """Minutes are kept for two days: what is gone would look like growth."""
    assert trending(warehouse, until=UNTIL, minutes=1440, baseline="yesterday") == []
    with pytest.raises(ConfigurationError, match="at most 1440"):
        trending(warehouse, until=UNTIL, minutes=1441, baseline="yesterday")


@pytest.mark.parametrize(
    "asked",
    [
        {"minutes": 0},
        {"minutes": 2881},
        {"baseline_hours": 0},
        {"baseline_hours": 10**9},
        {"half_life": 0.0},
        {"half_life": nan},
        {"smoothing": 0},
        {"smoothing": nan},
        {"smoothing": inf},
        {"min_growth": nan},
        {"min_growth": inf},
        {"min_posts": -1},
        {"most": -1},
    ],
)
def test_what_nobody_can_reckon_is_refused(warehouse, asked):
    [name] = asked
    with pytest.raises(ConfigurationError, match=f"{name} is|of 2881 minutes"):
        trending(warehouse, until=UNTIL, **asked)


def test_what_came_up_just_now_is_found_in_a_wide_window_among_many_that_were_loud_before(
    said, warehouse
):
    for number in range(201):
        said(f"loud{number}", 60, 11 * 60)
    said("new", 50, 10)

    [new, *_] = trending(
        warehouse, until=UNTIL, minutes=720, half_life=60, by_growth=True, min_growth=0
    )
    assert (new["hashtag"], new["posts"]) == ("new", 50)


def test_hours_outside_of_the_window_hide_nothing_that_is_in_it(said, warehouse):
    for number in range(201):
        said(f"loud{number}", 60, 25 * 60 + 30)
    said("late", 50, 13 * 60 + 15)

    two_o_clock = UNTIL.replace(hour=2, minute=0)
    assert names(trending(warehouse, until=two_o_clock, minutes=180)) == ["late"]


def test_what_grew_most_is_found_however_many_are_used_more_and_however_few_are_asked_for(
    said, warehouse
):
    for number in range(201):
        said(f"steady{number}", 10, 30)
        said(f"steady{number}", 240, 200)
    said("new", 9, 10)

    for most in (1, 1000):
        assert names(trending(warehouse, until=UNTIL, by_growth=True, most=most)) == ["new"]


def test_no_window_finds_more_when_every_tag_is_counted(said, warehouse, monkeypatch):
    """Which tags are counted one by one is a matter of what it costs."""
    roll = random.Random(7)
    for number in range(60):
        for _ in range(roll.choice([1, 2, 8])):
            said(
                f"tag{number}",
                roll.choice([1, 3, 9, 30]),
                1 + roll.randrange(3 * 24 * 60),
                roll.choice(["one.example", "two.example"]),
            )

    for _ in range(60):
        minutes = roll.choice([121, 300, 700, 1440, 2000])
        asked = {
            "until": UNTIL - timedelta(minutes=roll.randrange(0, 2881 - minutes)),
            "minutes": minutes,
            "half_life": roll.choice([None, 20, 200]),
            "baseline_hours": roll.choice([24, 100]),
            "min_growth": roll.choice([0, 1.1, 1.5]),
            "by_growth": roll.random() < 0.5,
            "most": roll.choice([1, 5, 100]),
            "instance": roll.choice([None, None, "one.example"]),
        }
        found = []
        for few in (1, 10**9):
            monkeypatch.setattr("chorus.domain.trending.FEWEST", few)
            monkeypatch.setattr("chorus.domain.trending.FEW", few)
            found.append(
                [
                    (row["hashtag"], row["posts"], row["engagement"], round(row["growth"], 9))
                    for row in trending(warehouse, **asked)
                ]
            )
        assert found[0] == found[1]


def test_with_a_half_life_what_was_said_just_now_weighs_more(said, warehouse):
    said("now", 10, 1)
    said("then", 10, 59)

    weighed = trending(warehouse, until=UNTIL, half_life=10, min_growth=0, by_growth=True)
    assert names(weighed) == ["now", "then"]
    assert weighed[0]["recent"] > 10 > weighed[1]["recent"]


def test_a_tag_said_evenly_has_the_same_pace_with_and_without_a_half_life(said, warehouse):
    for minute in range(1, 61):
        said("even", 2, minute)

    [plain] = trending(warehouse, until=UNTIL, min_growth=0)
    [weighed] = trending(warehouse, until=UNTIL, half_life=7, min_growth=0)
    assert plain["recent"] == pytest.approx(120)
    assert weighed["recent"] == pytest.approx(120, rel=0.1)


def test_few_posts_and_other_instances_are_left_out_when_asked(said, warehouse):
    said("rare", 2, 5)
    said("there", 9, 5, instance="two.example")

    assert names(trending(warehouse, until=UNTIL)) == ["there"]
    assert names(trending(warehouse, until=UNTIL, min_posts=1)) == ["there", "rare"]
    assert names(trending(warehouse, until=UNTIL, instance="one.example", min_posts=1)) == [
        "rare"
    ]


def test_a_tag_said_evenly_has_the_same_pace_however_wide_the_window_and_short_the_half_life(
    said, warehouse
):
    for minute in range(1, 30 * 60 + 1):
        said("even", 2, minute)

    for minutes in (7, 60, 121, 600, 1440):
        for half_life in (None, 0.1, 7, 300):
            [even] = trending(
                warehouse, until=UNTIL, minutes=minutes, half_life=half_life, min_growth=0
            )
            assert even["posts"] == 2 * minutes
            assert even["recent"] == pytest.approx(120)


def test_any_window_and_any_baseline_are_what_counting_every_minute_says(said, warehouse):
    """Minutes, hours and days are counts of the same posts, whichever of them a window is made of."""
    roll = random.Random(1337)
    sayings = []
    for tag in "abcdefgh":
        for _ in range(roll.randrange(5, 60)):
            ago = int(roll.choice([200, 3000, 50_000]) * roll.random()) + 1
            sayings.append(
                (tag, roll.randrange(1, 9), ago, roll.choice(["one.example", "two.example"]))
            )
    for saying in sayings:
        said(*saying)

    for _ in range(80):
        minutes = roll.choice([30, 120, 121, 500, 1440, 2880])
        later = roll.randrange(0, 2881 - minutes)
        hours = roll.choice([1, 24, 100, 672])
        instance = roll.choice([None, None, "one.example"])
        until = UNTIL - timedelta(minutes=later)
        min_growth = roll.choice([0, 0.9, 1.5])
        found = trending(
            warehouse, until=until, minutes=minutes, baseline_hours=hours, instance=instance,
            min_growth=min_growth, smoothing=1, min_posts=2, most=100,
        )  # fmt: skip
        assert {
            row["hashtag"]: (row["posts"], row["engagement"], row["recent"], row["baseline"])
            for row in found
        } == {
            tag: (
                posts,
                10 * posts,
                pytest.approx(60 * posts / minutes),
                pytest.approx(before / hours),
            )
            for tag, posts, before in counted(sayings, until, minutes, hours, instance)
            if posts >= 2 and (60 * posts / minutes + 1) / (before / hours + 1) >= min_growth
        }


def counted(sayings, until, minutes, hours, instance):
    """An oracle: the posts of each tag in the window, and in the whole hours before it."""
    since = until - timedelta(minutes=minutes)
    end = since.replace(minute=0)
    start = end - timedelta(hours=hours)
    for tag in {tag for tag, *_ in sayings}:
        said = [
            (posts, UNTIL - timedelta(minutes=ago))
            for name, posts, ago, where in sayings
            if name == tag and instance in (None, where)
        ]
        yield (
            tag,
            sum(posts for posts, moment in said if since <= moment < until),
            sum(posts for posts, moment in said if start <= moment < end),
        )
