"""The score step against a real PostgreSQL and a real host of VADER."""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import ModelHostFailed, ModelMissing
from chorus.domain.sentiment_key import input_hash
from chorus.pipelines.score import enqueue_missing, score_all_pending, score_pending
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import ActiveModel, active_models
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.statements import render

RUN = "test/1"
SAMPLES = paths.ROOT / "tests" / "sentiment"
TOOTS = {
    "created_at": datetime(2026, 11, 2, tzinfo=UTC),
    "visibility": "public",
    "content_hash": b"",
    "content_length": 0,
    "word_count": 0,
    "tag_names": [],
    "mention_accts": [],
    "media_types": [],
    "media_count": 0,
    "engagement_score": 0.0,
    "is_reply": False,
    "ingestion_timestamp": datetime(2026, 11, 2, tzinfo=UTC),
    "pipeline_run_id": RUN,
    "data_version": 1,
}
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def runtime() -> Iterator[Path]:
    """A place for hosts whose name is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="ch"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings(warehouse_settings: Settings) -> Settings:
    return warehouse_settings.model_copy(
        update={"sentiment_backend": "vader", "sentiment_batch_size": 20}
    )


@pytest.fixture
def model(settings: Settings) -> ActiveModel:
    return active_models(settings)[0]


@pytest.fixture
def client(model: ActiveModel, runtime: Path) -> HostClient:
    return HostClient(model, runtime=runtime, idle_seconds=5)


class Mood:
    """What a test does with the warehouse."""

    def __init__(self, connection: Connection, settings: Settings, model: ActiveModel) -> None:
        self.connection = connection
        self.names = {
            name: sql.SQL(where)  # type: ignore[arg-type]
            for name, where in settings.schemas.items()
        }
        self.model_key = model.key.text

    def ask(self, statement: str, *values: Any) -> list[Row]:
        cursor = self.connection.execute(
            sql.SQL(statement).format(**self.names),  # type: ignore[arg-type]
            values,
        )
        rows: list[Row] = cursor.fetchall() if cursor.description else []
        self.connection.commit()
        return rows

    def say(self, post_id: str, text: str, **changes: Any) -> None:
        """A post says this from now on, and waits to be scored."""
        row = TOOTS | {
            "source": "mastodon",
            "instance": "a.example",
            "id": post_id,
            "uri": f"https://a.example/{post_id}",
            "content_text": text,
            **changes,
        }
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(map(sql.Placeholder, row))
        self.connection.execute(
            sql.SQL(
                "insert into {toots} ({names}) values ({values}) on conflict (source, instance, id)"
                " do update set content_text = excluded.content_text, sentiment_label = null"
            ).format(**self.names, names=names, values=values),
            row,
        )
        self.queue(post_id)

    def queue(self, post_id: str) -> None:
        self.ask(
            "insert into {bronze}.posts_to_score (source, instance, post_id, model_key)"
            " values ('mastodon', 'a.example', %s, %s)",
            post_id,
            self.model_key,
        )

    def labels(self) -> dict[str, str | None]:
        return dict(self.ask("select id, sentiment_label from {toots}"))  # type: ignore[arg-type]

    def waiting(self) -> int:
        return int(self.ask("select count(*) from {bronze}.posts_to_score")[0][0])

    def predictions(self) -> int:
        return int(self.ask("select count(*) from {silver}.post_sentiments")[0][0])


@pytest.fixture
def mood(warehouse: Connection, settings: Settings, model: ActiveModel) -> Mood:
    return Mood(warehouse, settings, model)


def score(mood: Mood, settings: Settings, client: HostClient) -> ScoreTotals:
    return score_pending(mood.connection, settings, client, RUN)


def test_what_waits_is_scored_shown_kept_and_handed_to_silver(
    mood: Mood, settings: Settings, client: HostClient
):
    mood.say("1", "I love this wonderful day")
    mood.say("2", "I hate this awful day")
    mood.say("3", "a table")
    totals = score(mood, settings, client)
    assert mood.labels() == {"1": "positive", "2": "negative", "3": "neutral"}
    assert mood.waiting() == 0
    assert (totals.posts, totals.texts_read, totals.cache_hits) == (3, 3, 0)
    assert totals.device == "cpu"
    kept = mood.ask(
        "select post_id, label, confidence, scores, model, model_revision, backend, precision,"
        " preprocessing_version, device, pipeline_run_id, input_hash"
        " from {silver}.post_sentiments order by post_id"
    )
    assert kept[0][4:11] == (
        "vaderSentiment", "3.3.2", "vader", "exact", "as-is-1", "cpu", RUN
    )  # fmt: skip
    assert bytes(kept[0][11]) == input_hash("I love this wonderful day")
    assert kept[0][3]["positive"] == kept[0][2]
    assert sorted(mood.ask("select uri from {bronze}.posts_to_load")) == [
        (f"https://a.example/{n}",) for n in (1, 2, 3)
    ]


def test_a_text_seen_before_is_not_read_again_wherever_it_stands(
    mood: Mood, settings: Settings, client: HostClient
):
    mood.say("1", "a lovely caf\u00e9")
    score(mood, settings, client)
    before = client.health()["texts"]
    mood.say("2", "a lovely cafe\u0301")
    totals = score(mood, settings, client)
    assert client.health()["texts"] == before
    assert (totals.cache_hits, totals.texts_read, totals.hit_rate) == (1, 0, 1.0)
    assert mood.labels() == {"1": "positive", "2": "positive"}
    assert mood.predictions() == 2


def test_the_same_text_in_one_batch_is_read_once(
    mood: Mood, settings: Settings, client: HostClient
):
    for n in range(10):
        mood.say(str(n), "buy my wonderful thing")
    totals = score(mood, settings, client)
    assert (totals.posts, totals.texts_read, totals.cache_hits) == (10, 1, 9)


def test_a_post_queued_twice_is_scored_once_and_told_to_silver_once(
    mood: Mood, settings: Settings, client: HostClient
):
    mood.say("1", "great")
    mood.queue("1")
    score(mood, settings, client)
    mood.queue("1")
    score(mood, settings, client)
    assert (mood.predictions(), mood.waiting()) == (1, 0)
    assert mood.ask("select count(*) from {bronze}.posts_to_load") == [(1,)]


def test_an_edited_text_is_scored_again_and_the_old_prediction_stays(
    mood: Mood, settings: Settings, client: HostClient
):
    mood.say("1", "this is great")
    score(mood, settings, client)
    mood.say("1", "this is terrible")
    score(mood, settings, client)
    assert mood.labels() == {"1": "negative"}
    assert mood.predictions() == 2


def test_a_text_edited_while_it_was_read_does_not_get_the_old_mood(
    mood: Mood, settings: Settings, model: ActiveModel, runtime: Path
):
    mood.say("1", "slow and great")
    program = (sys.executable, str(SAMPLES / "poisonous_host.py"))
    slow = HostClient(model, runtime=runtime / "slow", program=program)
    slow.health()
    scoring = threading.Thread(
        target=lambda: score_pending(connect(settings), settings, slow, RUN)
    )
    scoring.start()
    mood.ask("select pg_sleep(0.15)")
    mood.ask("update {toots} set content_text = 'edited' where id = '1'")
    scoring.join()
    slow.stop()
    assert mood.predictions() == 1
    assert mood.labels() == {"1": None}


def test_below_the_threshold_the_label_is_neutral_and_the_scores_are_kept(
    mood: Mood, settings: Settings, client: HostClient
):
    mood.say("1", "good")
    strict = settings.model_copy(update={"sentiment_model_threshold": 0.99})
    score(mood, strict, client)
    label, confidence, scores = mood.ask(
        "select sentiment_label, sentiment_confidence, sentiment_scores from {toots}"
    )[0]
    assert label == "neutral"
    assert scores["positive"] == confidence > 0.5


def test_a_poison_text_becomes_a_dead_letter_and_its_neighbours_get_their_moods(
    mood: Mood, settings: Settings, model: ActiveModel, runtime: Path
):
    for n in range(9):
        mood.say(str(n), f"text {n}")
    mood.say("bad", "watch it explode")
    program = (sys.executable, str(SAMPLES / "poisonous_host.py"))
    client = HostClient(model, runtime=runtime / "poison", program=program)
    totals = score(mood, settings, client)
    mood.queue("bad")
    score(mood, settings, client)
    client.stop()
    assert (totals.posts, totals.dead_letters) == (9, 1)
    assert mood.waiting() == 0
    assert {post for post, label in mood.labels().items() if label is None} == {"bad"}
    assert mood.ask(
        "select stage, post_id, payload ->> 'content_text', error_class, error, tries, pipeline_run_id"
        " from {bronze}.dead_letters"
    ) == [
        ("score", "bad", "watch it explode", "TextsRefused", "ValueError: this text explodes", 2, RUN)
    ]  # fmt: skip


def test_a_host_that_fails_leaves_every_post_waiting(
    mood: Mood, settings: Settings, model: ActiveModel, runtime: Path
):
    for n in range(30):
        mood.say(str(n), f"text {n}")
    program = (sys.executable, str(SAMPLES / "broken_host.py"))
    broken = HostClient(model, runtime=runtime / "broken", program=program)
    with pytest.raises(ModelHostFailed):
        score(mood, settings, broken)
    broken.stop()
    assert (mood.waiting(), mood.predictions()) == (30, 0)
    assert mood.ask("select count(*) from {bronze}.dead_letters") == [(0,)]


def test_missing_weights_are_said_before_any_post_is_claimed(
    mood: Mood, settings: Settings, tmp_path: Path
):
    card = tmp_path / "absent.toml"
    card.write_text((paths.MODELS / "twitter-roberta-sentiment.toml").read_text())
    wanting = settings.model_copy(update={"sentiment_backend": "transformers"})
    mood.say("1", "great")
    mood.connection.execute(
        sql.SQL("lock table {bronze}.posts_to_score in access exclusive mode").format(
            **mood.names
        )
    )
    with connect(wanting) as other, pytest.raises(ModelMissing, match="chorus model fetch"):
        score_all_pending(other, wanting, RUN, models=tmp_path)
    mood.connection.rollback()
    assert mood.waiting() == 1


def test_workers_share_the_queue_so_that_nothing_is_lost_and_nothing_done_twice(
    mood: Mood, settings: Settings, client: HostClient
):
    for n in range(200):
        mood.say(str(n), f"a great day number {n}")
    totals: list[ScoreTotals] = []

    def work() -> None:
        with connect(settings) as connection:
            totals.append(score_pending(connection, settings, client, RUN))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(total.posts for total in totals) == 200
    assert (mood.predictions(), mood.waiting()) == (200, 0)
    assert set(mood.labels().values()) == {"positive"}


def test_a_new_model_gets_what_it_has_not_read_and_a_known_one_does_not(
    mood: Mood, settings: Settings, runtime: Path, tmp_path: Path
):
    mood.say("1", "great")
    mood.say("2", "great", visibility="private")
    mood.say("3", "")
    mood.ask("delete from {bronze}.posts_to_score")
    first = score_all_pending(mood.connection, settings, RUN, runtime=runtime)
    again = score_all_pending(mood.connection, settings, RUN, runtime=runtime)
    assert [total.posts for total in first + again] == [1, 0]
    card = (paths.MODELS / "vader.toml").read_text()
    (tmp_path / "vader.toml").write_text(card.replace("as-is-1", "tweets-1"))
    changed = score_all_pending(
        mood.connection, settings, RUN, models=tmp_path, runtime=runtime
    )
    assert [total.posts for total in changed] == [1]
    assert mood.ask(
        "select preprocessing_version from {silver}.post_sentiments order by 1"
    ) == [("as-is-1",), ("tweets-1",)]


def test_what_broke_a_model_is_not_queued_for_it_again(
    mood: Mood, settings: Settings, model: ActiveModel, runtime: Path
):
    mood.say("bad", "watch it explode")
    program = (sys.executable, str(SAMPLES / "poisonous_host.py"))
    client = HostClient(model, runtime=runtime / "again", program=program)
    score(mood, settings, client)
    client.stop()
    assert enqueue_missing(mood.connection, settings, model) == 0


def test_a_second_model_beside_the_default_one_is_kept_but_not_shown(
    mood: Mood, settings: Settings, runtime: Path, tmp_path: Path
):
    card = (paths.MODELS / "vader.toml").read_text()
    (tmp_path / "vader.toml").write_text(card)
    (tmp_path / "second.toml").write_text(
        card.replace("as-is-1", "tweets-1").replace("[files]", "beside = true\n[files]")
    )
    mood.say("1", "@great")
    totals = score_all_pending(mood.connection, settings, RUN, models=tmp_path, runtime=runtime)
    assert [total.posts for total in totals] == [1, 1]
    assert mood.predictions() == 2
    label, scores = mood.ask("select sentiment_label, sentiment_scores from {toots}")[0]
    assert [(label, scores)] == mood.ask(
        "select label, scores from {silver}.post_sentiments where preprocessing_version = 'as-is-1'"
    )


def test_the_cache_is_found_by_its_index(mood: Mood, settings: Settings, client: HostClient):
    for n in range(300):
        mood.say(str(n), f"text {n}")
    score(mood, settings, client)
    mood.ask("set enable_seqscan = off")
    plan = mood.connection.execute(
        "explain " + render("silver/post_sentiments/cached.sql", settings),
        {"input_hashes": [input_hash("text 7")], **client.model.key.columns},
    ).fetchall()
    assert "ix_post_sentiments_cache" in str(plan)


def test_both_sides_agree_on_the_hash_of_a_text(mood: Mood):
    for text in (
        "plain",
        "cafe\u0301",
        "\u1e9b\u0323",
        "\U0001f469\u200d\U0001f680",
        "\uac00\u11a8",
    ):
        ours = input_hash(text)
        theirs = mood.ask("select sha256(convert_to(normalize(%s::text), 'UTF8'))", text)
        assert bytes(theirs[0][0]) == ours, text


def test_the_card_of_every_model_says_how_to_ask_it():
    for path in paths.MODELS.glob("*.toml"):
        card = ModelCard.read(path)
        assert card.revision in card.key("fp32").text
