"""Tags: when they were first and last used, and how much, hour by hour and minute by minute."""

import random
from datetime import UTC, datetime

from tests.sql.silver.conftest import NOON, Look, at


def test_first_and_last_use_are_exact_when_posts_arrive_late(silver):
    tags = "select name, shown, first_seen_at, last_seen_at from dim_facts.hashtags"
    silver.load(Look(post="2", tags=("CATS",), created=-20))
    silver.load(Look(post="3", tags=("cats",), created=-10))
    silver.load(Look(post="1", tags=("Cats",), created=-30))
    assert silver.rows(tags) == [("cats", "Cats", at(-30), at(-10))]


def test_an_account_counts_once_an_hour_however_often_it_writes(silver):
    hours = (
        "select hour, posts, unique_accounts, engagement from dim_facts.hashtag_hourly_stats"
    )
    silver.load(
        Look(post="1", tags=("cats",), counts=(1, 0, 0)),
        Look(post="2", tags=("cats",), counts=(2, 0, 0)),
        Look(post="3", tags=("cats",), author="bob"),
    )
    assert silver.rows(hours) == [(at(-60), 3, 2, 3)]
    silver.load(Look(post="1", gone=True, seen=1), Look(post="3", gone=True, seen=1))
    assert silver.rows(hours) == [(at(-60), 1, 1, 2)]


def test_minutes_of_the_last_two_days_are_kept_and_no_others(silver):
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    ago = (now - NOON).total_seconds() / 60
    silver.load(
        Look(post="1", tags=("cats",), created=ago - 5, counts=(1, 0, 0)),
        Look(post="2", tags=("cats",), created=ago - 5, author="bob"),
        Look(post="3", tags=("cats",), created=ago - 60 * 49),
    )
    minutes = (
        "select minute, posts, unique_accounts, engagement from dim_facts.hashtag_minute_stats"
    )
    assert silver.rows(minutes) == [(at(ago - 5), 2, 2, 1)]
    silver.load(Look(post="2", gone=True, created=ago - 5, seen=1))
    assert silver.rows(minutes) == [(at(ago - 5), 1, 1, 1)]
    silver.connection.execute(
        "update dim_facts.hashtag_minute_stats set minute = minute - interval '3 days'"
    )
    silver.load(Look(post="9"))
    assert silver.rows(minutes) == []


def test_minutes_are_what_a_count_of_all_posts_says_whatever_came_before(silver):
    kept = """
        select minute, hashtag_id, source, instance, posts, unique_accounts, engagement
        from dim_facts.hashtag_minute_stats order by 1, 2, 3, 4
    """
    counted = """
        select date_trunc('minute', created_at, 'UTC'), tag, source, instance,
            count(*), count(distinct account_uri), sum(engagement)::bigint
        from dim_facts.counted_posts(array['public', 'unlisted']), unnest(hashtag_ids) as tag
        group by 1, 2, 3, 4 order by 1, 2, 3, 4
    """
    roll = random.Random(11)
    ago = (datetime.now(UTC).replace(second=0, microsecond=0) - NOON).total_seconds() / 60
    for seen in range(12):
        silver.load(
            *(
                Look(
                    post=str(post),
                    home=f"{'ab'[post % 2]}.example",
                    instance=f"{'ab'[post % 2]}.example",
                    author=f"author{post % 3}",
                    created=ago - 5 - post % 2,
                    tags=tuple(roll.sample(["cats", "dogs", "birds"], roll.randrange(4))),
                    counts=(roll.randrange(5), 0, 0),
                    gone=roll.random() < 0.2,
                    seen=ago + seen,
                )
                for post in roll.sample(range(12), 4)
            )
        )
        assert silver.rows(kept) == silver.rows(counted)
    assert silver.rows(kept)
