"""Questions to gold, answered over small worlds whose answers are plain."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import loads
from math import nan

import pytest
from typer.testing import CliRunner

from chorus.cli.warehouse_reads import app
from chorus.domain.errors import ConfigurationError
from chorus.warehouse.gold_reads import (
    gain,
    label_flips,
    recommendations,
    top_hashtags,
    top_users,
)
from tests.sql.silver.conftest import MODEL, AccountLook, Look, Silver, at

UNTIL = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture
def silver(warehouse, warehouse_settings):
    return Silver(warehouse, warehouse_settings)


def names(rows):
    return [row["hashtag"] for row in rows]


@pytest.fixture
def menagerie(silver):
    """8 posts: cats 4, dogs 4 of which 2 with cats, birds 1 with cats, 1 with none."""
    tags = [
        ("cats", "dogs"), ("cats", "dogs"), ("cats", "birds"), ("cats",), ("dogs",), ("dogs",), (), (),
    ]  # fmt: skip
    looks = [
        Look(
            post=str(number),
            tags=carried,
            counts=(0, number, 0),
            author="ada" if number < 2 else "bob",
        )
        for number, carried in enumerate(tags)
    ]
    silver.load(*looks, AccountLook(account="ada"), AccountLook(account="bob", acct="bob"))
    return silver.connection


def test_recommendations_measure_how_two_tags_go_together(menagerie):
    dogs, birds = recommendations(menagerie, "cats", by="posts", min_posts=1)

    assert dogs == {
        "hashtag": "dogs", "posts": 2, "rate": 0.5, "jaccard": pytest.approx(2 / 6), "lift": 1.0,
    }  # fmt: skip
    assert birds == {
        "hashtag": "birds", "posts": 1, "rate": 0.25, "jaccard": 0.25, "lift": 2.0,
    }  # fmt: skip


def test_recommendations_come_by_the_measure_that_is_asked_for(menagerie):
    assert names(recommendations(menagerie, "cats", by="lift", min_posts=1)) == [
        "birds",
        "dogs",
    ]
    assert names(recommendations(menagerie, "cats", by="rate", min_posts=1)) == [
        "dogs",
        "birds",
    ]
    assert names(recommendations(menagerie, "cats", min_rate=0.3, min_posts=1)) == ["dogs"]
    assert recommendations(menagerie, "nobody") == []


def test_what_goes_best_with_a_hashtag_is_found_among_many_that_are_used_more_beside_it(
    warehouse,
):
    warehouse.execute(
        """
        insert into analytics.rollup_day
        values ('2026-11-20', '*', '*', 9000, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        insert into dim_facts.hashtags (hashtag_id, name, shown, first_seen_at, last_seen_at)
        overriding system value
        select n, 'tag' || n, '', now(), now() from generate_series(0, 601) n;
        insert into analytics.rollup_hashtag
        select n, case n when 0 then 200 when 601 then 2 else 300 end, 1, 0, 0, 0, 0, 0, 0
        from generate_series(0, 601) n;
        insert into analytics.rollup_hashtag_pair
        select 0, n, case n when 601 then 2 else 3 end from generate_series(1, 601) n
        """
    )

    best, *_ = recommendations(warehouse, "tag0")

    assert (best["hashtag"], best["rate"], best["lift"]) == ("tag601", 0.01, 45.0)


def test_top_users_and_hashtags_come_by_engagement_and_posts(menagerie):
    assert [(row["acct"], row["posts"], row["engagement"]) for row in top_users(menagerie)] == [
        ("bob", 6, 2 * (2 + 3 + 4 + 5 + 6 + 7)),
        ("ada", 2, 2),
    ]
    assert [(row["hashtag"], row["posts"]) for row in top_hashtags(menagerie)] == [
        ("dogs", 4), ("cats", 4), ("birds", 1),
    ]  # fmt: skip


def test_top_hashtags_are_those_of_all_also_where_none_is_ever_among_the_first_of_a_day(
    warehouse,
):
    """One that is used a little every day may be used more than any that is loud for a day."""
    roll = random.Random(7)
    for _ in range(20):
        used = {
            f"tag{tag}": {
                day: roll.randrange(1, 3)
                for day in roll.choice([range(6), [roll.randrange(6)]])
            }
            for tag in range(roll.choice([1, 5, 60]))
        }
        say_by_day(warehouse, used)
        posts = {tag: sum(days.get(day, 0) for day in range(5)) for tag, days in used.items()}
        expected = sorted((-many, tag) for tag, many in posts.items() if many)
        most = roll.choice([1, 3])
        found = top_hashtags(warehouse, days=5, most=most)
        assert [(-row["posts"], row["hashtag"]) for row in found] == expected[:most]
        warehouse.rollback()


def say_by_day(warehouse, used):
    """Count posts with hashtags so many days before UNTIL."""
    day = UNTIL.date()
    warehouse.execute(
        "insert into analytics.rollup_day select %s, '*', '*', 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0",
        [day],
    )
    with warehouse.cursor() as cursor:
        cursor.executemany(
            """
            with tag as (
                insert into dim_facts.hashtags as known (name, shown, first_seen_at, last_seen_at)
                values (%(tag)s, %(tag)s, now(), now())
                on conflict (name) do update set shown = known.shown returning hashtag_id
            )
            insert into analytics.rollup_hashtag_day
            select hashtag_id, %(day)s, %(posts)s, 0, 0, 0, 0, 0, 0 from tag
            """,
            [
                {"tag": tag, "day": day - timedelta(days=ago), "posts": posts}
                for tag, days in used.items()
                for ago, posts in days.items()
            ],
        )


def test_gain_is_what_a_post_has_now_beyond_what_it_had_before(silver):
    old, new = Look(post="old", counts=(0, 50, 0)), Look(post="new", counts=(0, 5, 0), seen=20)
    silver.load(old)
    silver.load(new, Look(post="old", counts=(1, 53, 1), seen=30))

    rows = gain(silver.connection, since=at(10), until=at(60))

    assert [(row["uri"], row["engagement"], row["favourites"]) for row in rows] == [
        (new.uri, 10, 5),
        (old.uri, 1 + 2 * 3 + 3, 3),
    ]
    assert gain(silver.connection, since=at(40), until=at(60)) == []


def test_who_gained_most_is_found_among_many_that_have_more(silver):
    stars = [Look(post=f"star{number}", counts=(0, 1000, 0)) for number in range(501)]
    quiet = [
        Look(post="quiet", counts=(0, 1, 0)),
        Look(post="quiet", counts=(0, 9, 0), seen=30),
    ]
    hated = [
        Look(source="reddit", post="hated", counts=(0, score, 0), seen=seen)
        for score, seen in ((-10, 0), (-7, 20), (5, 30))
    ]
    silver.load(*stars, quiet[0], *hated)
    silver.load(*(replace(star, seen=30) for star in stars), quiet[1])

    rows = gain(silver.connection, since=at(10), until=at(60), most=2)

    assert [(row["uri"], row["engagement"]) for row in rows] == [
        (hated[0].uri, 30),
        (quiet[0].uri, 16),
    ]


def test_a_post_that_is_gone_gained_nothing(silver):
    silver.load(Look(counts=(0, 5, 0)), Look(gone=True, seen=5))
    assert gain(silver.connection, since=at(-10), until=at(60)) == []


def test_a_flip_is_an_edit_that_the_same_model_reads_otherwise(silver):
    nice, nasty = Look(text="nice"), Look(text="nasty", seen=10, edited=9)
    same = [Look(post="2", text="fine"), Look(post="2", text="good", seen=10, edited=9)]
    silver.observe(nice, nasty, *same)
    silver.score(nice, "positive")
    silver.score(nasty, "negative")
    for look in same:
        silver.score(look, "positive")
    silver.load()

    [flip] = label_flips(silver.connection, MODEL, since=at(-1000))

    assert (flip["uri"], flip["label_before"], flip["label"]) == (
        nice.uri,
        "positive",
        "negative",
    )
    assert (flip["content_before"], flip["content_text"]) == ("nice", "nasty")
    assert label_flips(silver.connection, MODEL, since=at(100)) == []


def test_a_flip_is_found_however_many_edits_after_it_changed_no_mood(silver):
    nice, nasty = Look(text="nice"), Look(text="nasty", seen=10, edited=9)
    silver.observe(nice, nasty)
    silver.score(nice, "positive")
    silver.score(nasty, "negative")
    silver.load()
    silver.connection.execute(
        """
        insert into dim_facts.post_versions
        select edit.content_key, n, edit.valid_from + n * interval '1 minute', '', 'nasty', edit.input_hash
        from dim_facts.post_versions as edit
        cross join generate_series(3, 1000) as n
        where edit.version_seq = 2
        """
    )

    [flip] = label_flips(silver.connection, MODEL, since=at(-1000))
    assert (flip["version_seq"], flip["label"]) == (2, "negative")


def test_of_flips_of_one_moment_as_many_are_shown_as_are_asked_for(silver):
    posts = [
        [Look(post=post, text=f"nice {post}"), Look(post=post, text=f"nasty {post}", seen=10, edited=9)]
        for post in ("1", "2", "3")
    ]  # fmt: skip
    silver.observe(*(look for looks in posts for look in looks))
    for before, after in posts:
        silver.score(before, "positive")
        silver.score(after, "negative")
    silver.load()

    shown = label_flips(silver.connection, MODEL, since=at(-1000), most=2)
    assert [flip["uri"] for flip in shown] == [posts[0][0].uri, posts[1][0].uri]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (gain, {"since": at(0), "until": at(1), "most": -1}),
        (label_flips, {"model": MODEL, "since": at(0), "most": 0}),
        (recommendations, {"hashtag": "cats", "min_rate": nan}),
        (recommendations, {"hashtag": "cats", "most": -1}),
        (top_hashtags, {"days": 0}),
        (top_hashtags, {"days": 10**6}),
        (top_users, {"most": -1}),
    ],
)
def test_a_question_that_has_no_answer_is_refused_in_a_sentence(warehouse, question, asked):
    with pytest.raises(ConfigurationError, match="nobody can reckon with: ask for"):
        question(warehouse, **asked)


@pytest.fixture
def ask(warehouse_settings, monkeypatch):
    monkeypatch.setattr("chorus.cli.warehouse_reads.load_settings", lambda: warehouse_settings)

    def ask(*words):
        result = CliRunner().invoke(app, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return ask


def test_the_command_line_answers_in_columns_and_in_json(menagerie, ask):
    assert [line.split()[:2] for line in ask("hashtags", "--days", "90", "-n", "2").splitlines()] == [
        ["hashtag", "posts"], ["dogs", "4"], ["cats", "4"],
    ]  # fmt: skip
    assert (
        loads(ask("recommend", "#Cats", "--by", "rate", "--json", "-n", "1"))["hashtag"]
        == "dogs"
    )
    assert ask("users").splitlines()[1].split()[0] == "bob"
    for command in ("trending", "gain", "flips"):
        assert ask(command) == "Nothing to show.\n"


def test_what_people_wrote_does_not_reach_the_terminal_as_commands(silver, ask, monkeypatch):
    silver.load(AccountLook(acct="\x1b[31mred\u202e"), Look())
    output = ask("users")
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "red" in output
