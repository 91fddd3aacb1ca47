"""From a raw event to observations, the 49-column table and the queues."""

import pytest

from chorus.pipelines.transform import transform_pending

TOOTS = "transformed_toots_with_sentiment_data"


def test_a_status_becomes_an_observation_a_row_of_the_table_and_pending_work(
    saw, transform, rows, status
):
    saw(status())

    counts = transform("run 1")

    assert (counts.claimed, counts.posts, counts.to_score) == (1, 1, 1)
    [seen] = rows("post_observations")
    assert seen["content_text"] == "Hello world"
    assert seen["tags"] == [{"name": "cafe", "shown": "Café"}]
    assert seen["pipeline_run_id"] == "run 1"
    [toot] = rows(TOOTS)
    assert toot["engagement_score"] == 1 + 2 * 3 + 3 * 2
    assert toot["application"] == {"name": "Web"}
    assert toot["card"] is None
    assert toot["account"]["acct"] == "ana"
    assert [queued["uri"] for queued in rows("posts_to_load")] == [seen["uri"]]
    [to_score] = rows("posts_to_score")
    assert (to_score["post_id"], to_score["model_key"]) == ("1", "toy@1#vader/fp32/1")
    assert all(event["processed"] and event["processed_at"] for event in rows("raw_events"))


def test_an_account_becomes_an_observation_and_pending_work(saw, transform, rows, account):
    saw(account(followers_count=-1), event_type="account")

    assert transform().accounts == 1

    [seen] = rows("account_observations")
    assert (seen["acct"], seen["following_count"]) == ("ana", 20)
    assert seen["followers_count"] is None
    assert [queued["account_uri"] for queued in rows("accounts_to_load")] == [
        seen["account_uri"]
    ]


def test_a_boost_is_counted_and_never_a_post(saw, transform, rows, status):
    saw(status("9", reblog=status()), event_type="reblog")

    counts = transform()

    assert (counts.claimed, counts.boosts, counts.posts, counts.rejected) == (1, 1, 0, 0)
    assert rows("post_observations") == rows(TOOTS) == rows("dead_letters") == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_latest_observation_is_shown_whatever_the_order_of_arrival(
    saw, transform, rows, *, status, later, order
):
    for look in order:
        saw(status(favourites_count=look), observed_at=later(look))
        transform(f"run {look}")

    assert len(rows("post_observations")) == 3
    [toot] = rows(TOOTS)
    assert (toot["favourites_count"], toot["ingestion_timestamp"]) == (2, later(2))
    assert toot["pipeline_run_id"] == "run 2"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_looks_at_the_same_moment_one_wins_whatever_the_order(
    saw, transform, rows, status, order
):
    for favourites in order:
        saw(status(favourites_count=favourites))
        transform()

    [winner] = rows(
        "select favourites_count from bronze.post_observations order by raw_event_id desc limit 1"
    )
    [toot] = rows(TOOTS)
    assert toot["favourites_count"] == winner["favourites_count"]


def test_an_a_b_a_of_payloads_gives_three_observations_and_ends_as_a(
    saw, transform, rows, *, status, account, later
):
    for payload, kind in [(status, "status"), (account, "account")]:
        saw(payload(), observed_at=later(0), event_type=kind)
        transform()
        change = {"content": "<p>B</p>"} if kind == "status" else {"display_name": "B"}
        saw(payload(**change), observed_at=later(1), event_type=kind)
        transform()
        saw(payload(), observed_at=later(2), last_seen_at=later(2), event_type=kind)
        transform()

    looks = "select {} as said, observed_at from bronze.{} order by observed_at"
    assert [
        (look["said"], look["observed_at"])
        for look in rows(looks.format("content_text", "post_observations"))
    ] == [("Hello world", later(0)), ("B", later(1)), ("Hello world", later(2))]
    assert [
        (look["said"], look["observed_at"])
        for look in rows(looks.format("display_name", "account_observations"))
    ] == [("Ana", later(0)), ("B", later(1)), ("Ana", later(2))]
    assert rows(TOOTS)[0]["content_text"] == "Hello world"


def test_an_a_b_a_that_arrived_before_transform_looked_is_the_same(
    saw, transform, rows, status, later
):
    saw(status(), observed_at=later(0), last_seen_at=later(2))
    saw(status(content="<p>B</p>"), observed_at=later(1))
    transform()

    assert len(rows("post_observations")) == 3
    assert rows(TOOTS)[0]["content_text"] == "Hello world"


def test_the_same_payload_twice_in_a_row_is_one_observation(
    saw, transform, rows, status, later
):
    saw(status(), observed_at=later(0))
    transform()
    saw(status(), observed_at=later(0), last_seen_at=later(5))
    transform()

    assert len(rows("post_observations")) == 1


def test_new_counts_keep_the_mood_and_a_new_text_clears_it(
    saw, transform, rows, *, warehouse, status, later
):
    saw(status(), observed_at=later(0))
    transform()
    warehouse.execute(
        f"update bronze.{TOOTS} set sentiment_label = 'positive', sentiment_confidence = 0.9, sentiment_scores = '{{}}'"
    )
    saw(status(favourites_count=99), observed_at=later(1))
    assert transform().to_score == 0
    [toot] = rows(TOOTS)
    assert (toot["sentiment_label"], toot["favourites_count"]) == ("positive", 99)

    saw(status(content="<p>Other</p>"), observed_at=later(2))
    assert transform().to_score == 1
    [toot] = rows(TOOTS)
    assert toot["sentiment_label"] is None
    assert toot["sentiment_confidence"] is None
    assert toot["sentiment_scores"] is None


@pytest.mark.parametrize(
    ("visibility", "queued"), [("public", 1), ("unlisted", 1), ("private", 0), ("direct", 0)]
)
def test_only_included_visibilities_wait_for_a_model(
    saw, transform, rows, *, status, visibility, queued
):
    saw(status(visibility=visibility))
    assert transform().to_score == queued
    assert len(rows("posts_to_score")) == queued
    assert len(rows("posts_to_load")) == 1


def test_a_post_that_becomes_public_waits_for_a_model(saw, transform, status, later):
    saw(status(visibility="private"), observed_at=later(0))
    assert transform().to_score == 0
    saw(status(visibility="public"), observed_at=later(1))
    assert transform().to_score == 1


def test_a_picture_without_words_waits_for_no_model(saw, transform, rows, status):
    saw(status(content="", media_attachments=[{"id": "1", "type": "image", "url": "u"}]))
    counts = transform()
    assert (counts.posts, counts.to_score, counts.rejected) == (1, 0, 0)
    [seen] = rows("post_observations")
    assert seen["input_hash"] is None
    assert (seen["media_count"], seen["media_types"]) == (1, ["image"])


@pytest.mark.parametrize("apart", [True, False])
def test_a_deletion_is_an_observation_of_the_post_under_its_address(
    saw, transform, rows, *, status, later, apart
):
    saw(status(), observed_at=later(0))
    if apart:
        transform()
    saw({"id": "1", "http_status": 404}, event_type="deletion", observed_at=later(9))
    transform()

    gone = rows("select uri, observed_at from bronze.post_observations where is_deleted")
    assert gone == [{"uri": status()["uri"], "observed_at": later(9)}]
    assert rows("dead_letters") == []


def test_a_post_that_was_gone_and_came_back_unchanged_is_seen_again(
    saw, transform, rows, status, later
):
    saw(status(), observed_at=later(0), last_seen_at=later(2))
    gone = {"id": "1", "http_status": 404}
    saw(gone, event_type="deletion", observed_at=later(1), last_seen_at=later(3))
    transform()

    looks = rows("select is_deleted, observed_at from bronze.post_observations order by 2")
    assert [(look["is_deleted"], look["observed_at"]) for look in looks] == [
        (False, later(0)),
        (True, later(1)),
        (False, later(2)),
        (True, later(3)),
    ]


@pytest.mark.parametrize("order", [("status", "deletion"), ("deletion", "status")])
def test_what_a_deleted_post_said_is_emptied_where_that_is_asked_for(
    saw, transform, rows, *, status, later, order, warehouse, warehouse_settings
):
    said = status(spoiler_text="beware", card={"title": "t"})
    looks = {"status": (said, later(0)), "deletion": ({"id": "1"}, later(1))}
    redacting = warehouse_settings.model_copy(update={"redact_deleted": True})
    for kind in order:
        payload, at = looks[kind]
        saw(payload, event_type=kind, observed_at=at)
        transform_pending(warehouse, redacting, "run", [])

    [toot] = rows(TOOTS)
    assert toot["content"] == toot["content_text"] == toot["spoiler_text"] == ""
    assert (toot["card"], toot["sentiment_label"], toot["favourites_count"]) == (None, None, 3)
    [seen] = rows("select * from bronze.post_observations where not is_deleted")
    assert seen["content_html"] == seen["content_text"] == seen["spoiler_text"] == ""

    saw(status(content="<p>Back</p>"), observed_at=later(2))
    transform_pending(warehouse, redacting, "run", [])
    assert rows(TOOTS)[0]["content_text"] == "Back"


def test_what_a_deleted_post_said_stays_otherwise(saw, transform, rows, status, later):
    saw(status())
    saw({"id": "1"}, event_type="deletion", observed_at=later(1))
    transform()
    assert rows(TOOTS)[0]["content_text"] == "Hello world"


def test_a_post_without_address_is_named_by_where_it_was_read(saw, transform, rows, status):
    saw(status(uri=None))
    transform()
    [seen] = rows("post_observations")
    assert seen["uri"] == "mastodon://mastodon.example/1"


def test_the_language_is_the_posts_own_or_the_one_found(saw, transform, rows, status):
    german = "<p>Das Wetter in Hamburg ist heute leider ziemlich schlecht geworden</p>"
    saw(status("1", content=german, language=None))
    saw(status("2", content=german, language="en"))
    saw(status("3", content="<p>ok</p>", language=None))
    transform()
    [found, own, unknown] = rows(f"select * from bronze.{TOOTS} order by id")
    assert (found["language"], found["detected_language"]) == (None, "de")
    assert (own["language"], own["detected_language"]) == ("en", "en")
    assert (unknown["language"], unknown["detected_language"]) == (None, None)
    [observed] = rows("select * from bronze.post_observations where post_id = '1'")
    assert 0.5 <= observed["language_confidence"] <= 1


def test_batches_are_as_small_as_one_asks(saw, transform, status):
    for number in range(5):
        saw(status(str(number)))
    assert transform(batch_size=2).claimed == 5
    assert transform().claimed == 0
