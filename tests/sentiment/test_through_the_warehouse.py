"""A transformer from its weights to the rows: nothing between them is replaced."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chorus.cli.model import app
from chorus.config import Settings
from chorus.domain.errors import ModelMissing
from chorus.pipelines.score import score_all_pending
from chorus.sentiment.cards import ModelCard
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


@pytest.fixture
def settings(warehouse: Connection, warehouse_settings: Settings) -> Settings:
    """Of a warehouse where four posts have been said."""
    for post_id, text in SAID.items():
        warehouse.execute(SAY, (post_id, post_id, text))
    return warehouse_settings.model_copy(
        update={"sentiment_model_name": "chorus/tiny", "sentiment_device": "cpu"}
    )


def test_a_transformer_reads_what_waits(
    warehouse: Connection, settings: Settings, tiny: ModelCard, runtime: Path
):
    (totals,) = score_all_pending(
        warehouse, settings, "test/1", models=tiny.path.parent, runtime=runtime
    )
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


@pytest.fixture
def two_cards(tiny: ModelCard, tmp_path: Path) -> Path:
    """A folder where a model of emotions stands beside the one of moods."""
    said = tiny.path.read_text()
    (tmp_path / "tiny.toml").write_text(said)
    emotions = said.replace("chorus/tiny", "chorus/emotion")
    for mood, emotion in (("negative", "anger"), ("neutral", "calm"), ("positive", "joy")):
        emotions = emotions.replace(mood, emotion)
    (tmp_path / "emotion.toml").write_text(f"beside = true\n{emotions}")
    (tmp_path / "weights").mkdir()
    for name in ("tiny", "emotion"):
        (tmp_path / "weights" / name).symlink_to(tiny.weights)
    return tmp_path


def test_a_second_card_with_labels_of_its_own_is_read_beside_the_first_and_compared_with_it(
    warehouse: Connection,
    settings: Settings,
    two_cards: Path,
    runtime: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    score_all_pending(warehouse, settings, "test/1", models=two_cards, runtime=runtime)
    warehouse.commit()
    rows = warehouse.execute(
        "select post_id, array_agg(label order by model desc), array_agg(distinct t.sentiment_label)"
        " from dim_facts.post_sentiments as s"
        " inner join bronze.transformed_toots_with_sentiment_data as t on t.id = s.post_id"
        " group by post_id order by post_id"
    ).fetchall()
    assert rows == [
        ("1", ["positive", "joy"], ["positive"]),
        ("2", ["negative", "anger"], ["negative"]),
        ("3", ["neutral", "calm"], ["neutral"]),
        ("4", ["positive", "joy"], ["positive"]),
    ]
    monkeypatch.setattr("chorus.cli.model.load_settings", lambda: settings)
    words = ["compare", "tiny", "emotion", "--models", str(two_cards)]
    said = CliRunner().invoke(app, words, catch_exceptions=False).output
    assert "4 texts, 0.0% agreement, 4 flips" in said
    (line,) = (line for line in said.splitlines() if "positive" in line)
    assert [cell.strip() for cell in line.split("│")[1:-1]] == ["positive", "0", "0", "2"]


def test_weights_that_a_second_card_lacks_are_said_with_a_way_out_that_helps(
    warehouse: Connection, settings: Settings, two_cards: Path, runtime: Path
):
    (two_cards / "weights" / "emotion").unlink()
    with pytest.raises(
        ModelMissing, match=r"fetch emotion`, or take `beside` out of .*emotion"
    ):
        score_all_pending(warehouse, settings, "test/1", models=two_cards, runtime=runtime)
