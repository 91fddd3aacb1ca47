"""A transformer from its weights to the rows: nothing between them is replaced."""

from pathlib import Path

from chorus.config import Settings
from chorus.pipelines.score import score_all_pending
from chorus.sentiment.active import activate
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import Connection

SAY = """
insert into bronze.transformed_toots_with_sentiment_data (
    source, instance, id, uri, created_at, visibility, content_text, content_hash, content_length, word_count,
    tag_names, mention_accts, media_types, media_count, engagement_score, is_reply,
    ingestion_timestamp, pipeline_run_id, data_version
)
values (
    'mastodon', 'a.example', %s, 'https://a.example/' || %s, now(), 'public', %s, '', 0, 0,
    '{}', '{}', '{}', 0, 0, false, now(), 'test/1', 1
)
"""
SAID = {
    "1": "the day wonderful was great",
    "2": "the day awful was broken",
    "3": "the day paper was monday",
    "4": "the day adore was best",
}


def test_a_transformer_reads_what_waits(
    warehouse: Connection, warehouse_settings: Settings, tiny: ModelCard, runtime: Path
):
    settings = warehouse_settings.model_copy(
        update={"sentiment_model_name": "chorus/tiny", "sentiment_device": "cpu"}
    )
    for post_id, text in SAID.items():
        warehouse.execute(SAY, (post_id, post_id, text))
    (totals,) = score_all_pending(
        warehouse, settings, "test/1", models=tiny.path.parent, runtime=runtime
    )
    HostClient(activate(tiny, settings), runtime=runtime).stop()
    assert (totals.posts, totals.device, totals.backend) == (4, "cpu", "transformers")
    rows = warehouse.execute(
        "select s.post_id, s.label, s.backend, s.precision, s.preprocessing_version"
        " from dim_facts.post_sentiments as s"
        " inner join bronze.transformed_toots_with_sentiment_data as t"
        " on t.id = s.post_id and t.sentiment_label = s.label order by s.post_id"
    ).fetchall()
    assert [row[:2] for row in rows] == [
        ("1", "positive"),
        ("2", "negative"),
        ("3", "neutral"),
        ("4", "positive"),
    ]
    assert {row[2:5] for row in rows} == {("transformers", "fp32", "tweets-1")}
