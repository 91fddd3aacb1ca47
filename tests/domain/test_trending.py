"""However few tags are counted one by one, none is missed that can be shown."""

from datetime import UTC, datetime, timedelta
from math import inf
from random import Random

import pytest

from chorus.domain.tiles import HOUR, start_of
from chorus.domain.trending import MINUTE, by_hours, by_minutes, weights

UNTIL = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
HALF_LIVES = [inf, 0.1, 7, 30, 300]


def weight(moment, until, half_life):
    return 0.5 ** min(((until - moment) // MINUTE) / half_life, 1000)


@pytest.mark.parametrize("half_life", HALF_LIVES)
def test_what_weighs_enough_shows_it_in_the_pieces_of_all_or_on_a_day(half_life):
    """Posts that together weigh just what it takes, wherever in the window they are."""
    roll = Random(1337)
    counted_by_days = 0
    for _ in range(500):
        until = UNTIL - roll.randrange(2880) * MINUTE
        minutes = roll.randrange(121, 2881)
        since = until - minutes * MINUTE
        around = roll.randrange(minutes)
        posts = [
            until - roll.randrange(max(0, around - 90), min(minutes, around + 90)) * MINUTE
            for _ in range(roll.choice([3, 20, 60, 400]))
        ]
        posts = [max(since, post - MINUTE) for post in posts]
        window = by_hours(
            since,
            until,
            half_life,
            weight=sum(weight(post, until, half_life) for post in posts),
            min_posts=len(posts),
        )
        counted_by_days += bool(window.days)
        near = sum(
            weight(post, until, half_life)
            for post in posts
            if any(piece.since <= post < piece.until for piece in window.of_all)
        )
        busiest = max(
            (sum(post.date() == day for post in posts) for day in window.days), default=0
        )
        assert near >= window.weight or busiest >= window.posts_of_a_day
    assert counted_by_days > 50


@pytest.mark.parametrize("half_life", HALF_LIVES)
def test_the_pieces_are_the_window_and_minutes_are_counted_of_all(half_life):
    for minutes in range(121, 2881, 37):
        since = UNTIL - minutes * MINUTE
        window = by_hours(since, UNTIL, half_life, weight=minutes / 60, min_posts=3)
        some = [window.of_some] if window.of_some else []
        pieces = sorted([*window.of_all, *some], key=lambda piece: piece.since)
        assert [piece.since for piece in pieces[1:]] == [piece.until for piece in pieces[:-1]]
        assert (pieces[0].since, pieces[-1].until) == (since, UNTIL)
        assert {piece.unit for piece in some} <= {"hours"}
        for piece in pieces:
            assert piece.unit == "minutes" or start_of(piece.since, HOUR) == piece.since


def test_where_nothing_has_to_grow_all_is_counted():
    since = UNTIL - timedelta(days=2)
    for half_life in HALF_LIVES:
        window = by_hours(since, UNTIL, half_life, weight=-60, min_posts=0)
        assert (window.of_some, window.weight, window.days) == (None, 0, [])


def test_few_minutes_are_counted_of_all():
    assert by_minutes(UNTIL - HOUR, UNTIL).of_some is None


def test_the_last_minute_weighs_one_and_each_half_life_halves():
    assert weights(1, 7) == 1
    assert weights(60, inf) == 60
    assert weights(3, 1) == pytest.approx(1.75)
    assert weights(2880, 1e300) == pytest.approx(2880)
