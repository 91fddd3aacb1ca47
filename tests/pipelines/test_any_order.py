"""Hours read one by one, in any order and twice, leave the same warehouse as one reading of them all."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from chorus.demo.network import demo_network
from chorus.domain.window import Window
from chorus.pipelines.wave import run_wave
from chorus.warehouse.connection import connect

START = datetime(2026, 11, 9, 8, tzinfo=UTC)
LONG_AFTER = START + timedelta(days=9)

# By natural keys, and without what tells when a row was made.
QUESTIONS = {
    "posts": """
        select content.uri, content.content_text, fact.engagement_score, mood.label, fact.deleted_at is null
        from dim_facts.fact_toot_engagement as fact
        join dim_facts.dim_content as content using (content_key)
        join dim_facts.dim_sentiment as mood using (sentiment_key)
    """,
    "tags": """
        select content.uri, hashtags.name from dim_facts.post_hashtags
        join dim_facts.dim_content as content using (content_key)
        join dim_facts.hashtags using (hashtag_id)
    """,
    "days": "select * from analytics.mv_daily_engagement_summary",
    "hours": "select * from analytics.mv_hourly_posting_patterns",
    "moods": "select * from analytics.mv_sentiment_trends",
}


def read(settings, windows, source="mastodon"):
    with connect(settings) as connection:
        for window in windows:
            for name, counts in run_wave(connection, settings, source, window):
                assert "failed" not in counts, name


def answers(settings):
    with connect(settings, "reader") as connection:
        return {
            name: sorted(map(repr, connection.execute(question)))
            for name, question in QUESTIONS.items()
        }


@pytest.mark.parametrize(
    "hours", [3, pytest.param(168, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)])]
)
def test_hours_in_any_order_and_twice_are_one_reading(
    warehouse_settings, other_warehouse_settings, tmp_path, hours
):
    each = [
        Window(START + timedelta(hours=n), START + timedelta(hours=n + 1)) for n in range(hours)
    ]
    in_any_order = random.Random(7).sample(each * 2, len(each) * 2)
    with demo_network(clock=lambda: LONG_AFTER, limits=False) as network:
        targets = tmp_path / "targets.yaml"
        instance = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
        targets.write_text(
            yaml.safe_dump({"mastodon": [instance | {"hashtags": ["python", "caturday"]}]})
        )
        listening = {"targets_file": targets, "sentiment_backend": "vader"}
        one_by_one = warehouse_settings.model_copy(update=listening)
        at_once = other_warehouse_settings.model_copy(update=listening)
        read(one_by_one, in_any_order)
        read(at_once, [Window(START, START + timedelta(hours=hours))])
    found, expected = answers(one_by_one), answers(at_once)
    assert len(expected["posts"]) > 20
    assert found == expected
