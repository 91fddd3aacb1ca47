"""Posts in silver: what of many looks at one post is believed."""

import pytest

from tests.sql.silver.conftest import AccountLook, Look, at

AWAY = "away.example"


def fact(silver, columns):
    [row] = silver.rows(f"select {columns} from dim_facts.fact_toot_engagement")
    return row


def test_a_post_read_from_two_instances_is_one_row_with_two_sightings_and_the_counts_of_its_own(
    silver,
):
    silver.load(
        Look(instance=AWAY, seen=1, counts=(1, 1, 1)),
        Look(seen=2, counts=(5, 4, 3)),
        Look(instance=AWAY, seen=3, counts=(2, 2, 2)),
    )
    assert silver.rows("select instance, post_id from dim_facts.dim_content") == [(AWAY, "a1")]
    assert sorted(silver.rows("select instance, post_id from dim_facts.post_sightings")) == [
        (AWAY, "a1"),
        ("home.example", "h1"),
    ]
    counts = fact(silver, "replies_count, favourites_count, reblogs_count, engagement_score")
    assert counts == (5, 4, 3, 5 + 2 * 4 + 3 * 3)
    assert silver.rows("select captured_at from dim_facts.post_metric_snapshots") == [(at(2),)]


def test_the_freshest_look_counts_where_its_own_instance_is_not_read(silver):
    silver.load(
        Look(instance="zoo.example", seen=2, counts=(7, 0, 0), run="run/2"),
        Look(instance=AWAY, seen=1, counts=(1, 0, 0)),
    )
    assert fact(silver, "replies_count, pipeline_run_id") == (7, "run/2")


def test_counts_a_source_does_not_give_stay_null_and_add_as_nothing(silver):
    silver.load(Look(counts=(None, 4, None)))
    assert fact(silver, "replies_count, reblogs_count, engagement_score") == (None, None, 8)


def test_a_changed_weight_is_used_for_what_is_loaded_then(silver):
    silver.load(Look(counts=(1, 1, 1)), engagement_weights=(1, 0.5, 0.25))
    assert fact(silver, "engagement_score") == (2,)


def test_a_deleted_post_keeps_its_fact_and_counts_nowhere_until_it_is_back(silver):
    silver.load(Look(tags=("Cats",), counts=(1, 0, 0)))
    silver.load(Look(gone=True, seen=5, run="run/2"))
    assert fact(silver, "deleted_at, replies_count, pipeline_run_id") == (at(5), 1, "run/2")
    assert silver.rows("select * from dim_facts.hashtag_hourly_stats") == []
    assert silver.rows("select * from analytics.rollup_day") == []

    silver.load(Look(tags=("Cats",), counts=(2, 0, 0), seen=6))
    assert fact(silver, "deleted_at, replies_count") == (None, 2)
    assert silver.rows("select posts, engagement from dim_facts.hashtag_hourly_stats") == [
        (1, 2)
    ]


def test_redaction_empties_what_a_deleted_post_said_and_an_undelete_brings_it_back(silver):
    written = "select content_text, spoiler_text from dim_facts.dim_content"
    versions = "select content_html, content_text from dim_facts.post_versions"
    silver.load(Look(text="secret"))
    silver.load(Look(text="secret", gone=True, seen=1), redact_deleted=True)
    assert silver.rows(written) == [("", None)]
    assert silver.rows(versions) == [(None, None)]
    silver.load(Look(text="secret", counts=(1, 0, 0), seen=2), redact_deleted=True)
    assert silver.rows(written) == [("secret", "careful")]
    assert silver.rows(versions) == [("<p>secret</p>", "secret")]


def test_versions_stand_in_the_order_of_writing_with_the_first_one_though_it_came_last(silver):
    silver.load(Look(text="third", edited=20, seen=30), Look(text="second", edited=10, seen=15))
    silver.load(Look(text="first", seen=1))
    assert silver.rows(
        "select version_seq, valid_from, content_text from dim_facts.post_versions order by 1"
    ) == [(1, at(-60), "first"), (2, at(10), "second"), (3, at(20), "third")]


def test_a_text_that_changes_without_an_edit_is_a_version_too(silver):
    silver.load(
        Look(text="before", seen=1), Look(text="after", seen=2), Look(text="before", seen=3)
    )
    assert silver.rows(
        "select valid_from, content_text from dim_facts.post_versions order by version_seq"
    ) == [(at(-60), "before"), (at(2), "after"), (at(3), "before")]


def test_an_edit_moves_tags_mentions_media_and_what_is_counted_by_them(silver):
    silver.load(Look(tags=("Cats", "Pets"), mentions=("bob",), media=("a.png", "b.png")))
    silver.load(
        Look(tags=("Dogs", "Pets"), mentions=("eve",), media=("c.png",), edited=1, seen=2)
    )
    assert silver.rows(
        "select name from dim_facts.post_hashtags join dim_facts.hashtags using (hashtag_id) order by 1"
    ) == [("dogs",), ("pets",)]
    assert silver.rows(
        "select name, posts from dim_facts.hashtag_hourly_stats"
        " join dim_facts.hashtags using (hashtag_id) order by 1"
    ) == [("dogs", 1), ("pets", 1)]
    assert silver.rows("select acct from dim_facts.post_mentions") == [("eve",)]
    assert silver.rows("select position, url from dim_facts.media_attachments") == [
        (1, "c.png")
    ]


def test_a_deletion_of_a_post_that_was_never_read_makes_no_post(silver):
    silver.load(Look(gone=True))
    assert silver.rows("select * from dim_facts.dim_content") == []
    silver.load(Look(seen=-5))
    assert fact(silver, "deleted_at") == (at(0),)


def test_a_boost_is_no_post(silver):
    silver.observe(Look())
    silver.connection.execute("update bronze.post_observations set event_type = 'reblog'")
    silver.load()
    assert silver.rows("select * from dim_facts.dim_content") == []


def test_a_post_from_before_the_calendar_gets_its_day_and_all_days_in_between(silver):
    silver.load(Look(created=-60 * 24 * 365 * 25))
    assert fact(silver, "date_key") == (20010308,)
    assert silver.value("select count(*) = max(date) - min(date) + 1 from dim_facts.dim_date")
    assert silver.value("select max(date) >= current_date + 366 from dim_facts.dim_date")


@pytest.mark.parametrize(
    ("confidence", "band"), [(0.5, "low"), (0.6, "medium"), (0.85, "high")]
)
def test_a_post_has_the_mood_of_its_latest_text_and_none_until_that_is_scored(
    silver, confidence, band
):
    mood = "select s.label, s.confidence_band from dim_facts.fact_toot_engagement join dim_facts.dim_sentiment s using (sentiment_key)"
    silver.load(Look())
    assert silver.rows(mood) == [("not scored", "none")]
    silver.score(Look(), "positive", confidence)
    silver.load()
    assert silver.rows(mood) == [("positive", band)]
    [(value,)] = silver.rows("select mood from dim_facts.current_moods")
    assert value == pytest.approx(confidence - (1 - confidence) / 2)
    silver.load(Look(text="edited", edited=1, seen=1))
    assert silver.rows(mood) == [("not scored", "none")]
    assert silver.rows("select * from dim_facts.current_moods") == []


def test_an_author_never_observed_has_a_version_by_handle_until_an_observation_comes(silver):
    author = "select acct, display_name from dim_facts.fact_toot_engagement join dim_facts.dim_account using (account_key)"
    silver.load(Look(author="eve"))
    assert silver.rows(author) == [("eve", None)]
    silver.load(AccountLook(account="eve", acct="eve", name="Eve", seen=90))
    assert silver.rows(author) == [("eve", "Eve")]
    assert silver.value("select count(*) from dim_facts.dim_account") == 1


def test_an_address_that_was_seen_earlier_elsewhere_takes_its_posts_along(silver):
    identity = (
        "select a.instance, a.account_id, count(*) from dim_facts.fact_toot_engagement"
        " join dim_facts.dim_account a using (account_key) group by 1, 2"
    )
    silver.load(Look(post="1", seen=5), Look(post="2", seen=6), AccountLook(seen=5))
    assert silver.rows(identity) == [("home.example", "h-ada", 2)]
    silver.load(AccountLook(instance=AWAY, seen=1))
    assert silver.rows(identity) == [(AWAY, "a-ada", 2)]
    assert silver.value("select count(*) from dim_facts.dim_account") == 1


def test_a_look_at_an_account_from_elsewhere_does_not_rename_it(silver):
    silver.load(
        AccountLook(seen=1),
        AccountLook(seen=2, instance=AWAY, acct="ada@home.example", followers=3),
        AccountLook(seen=3, followers=11),
    )
    assert silver.rows("select acct, followers_count from dim_facts.dim_account") == [
        ("ada", 11)
    ]


def test_the_mood_of_an_earlier_wording_is_known_however_the_loads_came(silver):
    before, after = Look(text="no", seen=0), Look(text="yes", seen=1, edited=1)
    silver.observe(before, after)
    silver.score(before, "negative")
    silver.load()
    moods = silver.rows(
        "select label, confidence_band from dim_facts.dim_sentiment where sentiment_key > 0"
    )
    assert moods == [("negative", "high")]
    assert silver.value("select sentiment_key from dim_facts.fact_toot_engagement") == 0
