"""From a raw event to observations, the 49-column table and the queues."""

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
