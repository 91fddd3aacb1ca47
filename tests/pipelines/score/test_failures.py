"""What cannot be read: a text that breaks the model, a model that breaks, a model that is not there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import ModelHostFailed, ModelMissing
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.score_queue import enqueue_missing
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import connect


def test_a_poison_text_becomes_a_dead_letter_and_its_neighbours_get_their_moods(
    mood, stand_in: Callable[[str], HostClient]
):
    mood.say_many([f"text {n}" for n in range(9)])
    mood.say("bad", "watch it explode")
    client = stand_in("poisonous_host")
    totals = mood.score(client)
    mood.queue("bad")
    mood.score(client)
    assert (totals.posts, totals.dead_letters) == (9, 1)
    assert mood.waiting() == 0
    assert {post for post, label in mood.labels().items() if label is None} == {"bad"}
    assert mood.ask(
        "select stage, post_id, payload ->> 'content_text', error_class, error, tries, pipeline_run_id"
        " from {bronze}.dead_letters"
    ) == [
        ("score", "bad", "watch it explode", "TextsRefused", "ValueError: this text explodes", 2, "test/1")
    ]  # fmt: skip


def test_an_answer_that_is_no_number_becomes_a_dead_letter_and_never_a_row(
    mood, stand_in: Callable[[str], HostClient]
):
    mood.say_many(["a day", "an overflow", "another day"])
    totals = mood.score(stand_in("poisonous_host"))
    assert (totals.posts, totals.dead_letters, mood.predictions()) == (2, 1, 2)
    assert mood.ask(
        "select post_id, payload ->> 'content_text' from {bronze}.dead_letters"
    ) == [("1", "an overflow")]


def test_what_broke_a_model_is_not_queued_for_it_again(
    mood, settings: Settings, model: ActiveModel, stand_in: Callable[[str], HostClient]
):
    mood.say("bad", "watch it explode")
    mood.score(stand_in("poisonous_host"))
    assert enqueue_missing(mood.connection, settings, model, shown=True) == 0


def test_a_host_that_fails_leaves_every_post_waiting(
    mood, stand_in: Callable[[str], HostClient]
):
    mood.say_many([f"text {n}" for n in range(30)])
    with pytest.raises(ModelHostFailed):
        mood.score(stand_in("broken_host"))
    assert (mood.waiting(), mood.predictions()) == (30, 0)
    assert mood.ask("select count(*) from {bronze}.dead_letters") == [(0,)]


def test_missing_weights_are_said_before_any_post_is_claimed(
    mood, settings: Settings, tmp_path: Path
):
    card = tmp_path / "absent.toml"
    card.write_text((paths.MODELS / "twitter-roberta-sentiment.toml").read_text())
    wanting = settings.model_copy(update={"sentiment_backend": "transformers"})
    mood.say("1", "great")
    claimable = sql.SQL("lock table {bronze}.posts_to_score in access exclusive mode")
    mood.connection.execute(claimable.format(**mood.names))
    with connect(wanting) as other, pytest.raises(ModelMissing, match="chorus model fetch"):
        score_all_pending(other, wanting, "test/1", models=tmp_path)
    mood.connection.rollback()
    assert mood.waiting() == 1
