"""What waits is scored, once, as it is now."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer
from structlog.contextvars import bound_contextvars, get_contextvars

from chorus.config import Settings
from chorus.domain.sentiment_key import input_hash
from chorus.pipelines import score
from chorus.pipelines.score import score_pending
from chorus.pipelines.score_batch import Known, claim, write
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import connect

RUN = "test/1"


def test_what_waits_is_scored_shown_kept_and_handed_to_silver(
    mood, settings: Settings, client: HostClient
):
    mood.say("1", "I love this wonderful day")
    mood.say("2", "I hate this awful day")
    mood.say("3", "a table")
    totals = mood.score(client)
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


def test_what_a_person_set_for_other_servers_reaches_neither_lane(
    mood, client: HostClient, monkeypatch
):
    monkeypatch.setenv("PGSSLMODE", "require")
    mood.say("1", "I love this wonderful day")
    mood.score(client)
    assert mood.labels() == {"1": "positive"}


def test_a_post_queued_twice_is_scored_once_and_told_to_silver_once(
    mood, settings: Settings, client: HostClient
):
    mood.say("1", "great")
    mood.queue("1")
    mood.score(client)
    mood.queue("1")
    mood.score(client)
    assert (mood.predictions(), mood.waiting()) == (1, 0)
    assert mood.ask("select count(*) from {bronze}.posts_to_load") == [(1,)]


def test_a_post_that_two_read_at_the_same_time_is_kept_once_and_neither_fails(
    mood, settings: Settings, client: HostClient, monkeypatch
):
    """It waits twice, and each lane takes one: neither has seen a prediction when both have read it."""
    mood.say("1", "a lovely day")
    mood.queue("1")
    read, both = score.read, threading.Barrier(2, timeout=60)
    firsts = iter([both.wait, both.wait])

    def reads_with_the_other(*asked):
        next(firsts, int)()
        return read(*asked)

    monkeypatch.setattr(score, "read", reads_with_the_other)
    mood.score(client, settings.model_copy(update={"sentiment_batch_size": 2}))
    assert next(firsts, None) is None
    assert (mood.predictions(), mood.waiting()) == (1, 0)
    assert mood.labels() == {"1": "positive"}


def test_an_edited_text_is_scored_again_and_the_old_prediction_stays(
    mood, settings: Settings, client: HostClient
):
    mood.say("1", "this is great")
    mood.score(client)
    mood.say("1", "this is terrible")
    mood.score(client)
    assert mood.labels() == {"1": "negative"}
    assert mood.predictions() == 2


def test_a_text_edited_while_it_was_read_does_not_get_the_old_mood(
    mood, settings: Settings, stand_in: Callable[[str], HostClient]
):
    mood.say("1", "slow and great")
    slow = stand_in("poisonous_host")
    slow.health()

    def read_it() -> None:
        with connect(settings) as connection:
            score_pending(connection, settings, slow, RUN)

    reading = threading.Thread(target=read_it)
    reading.start()
    mood.ask("select pg_sleep(0.15)")
    mood.ask("update {toots} set content_text = 'edited' where id = '1'")
    reading.join()
    assert mood.predictions() == 1
    assert mood.labels() == {"1": None}


def test_below_the_threshold_the_label_is_neutral_and_the_scores_are_kept(
    mood, settings: Settings, client: HostClient
):
    mood.say("1", "good")
    strict = settings.model_copy(update={"sentiment_model_threshold": 0.99})
    mood.score(client, strict)
    label, confidence, scores = mood.ask(
        "select sentiment_label, sentiment_confidence, sentiment_scores from {toots}"
    )[0]
    assert label == "neutral"
    assert scores["positive"] == confidence > 0.5


def test_workers_share_the_queue_so_that_nothing_is_lost_and_nothing_done_twice(
    mood, settings: Settings, client: HostClient
):
    mood.say_many([f"a great day number {n}" for n in range(200)])
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


def test_two_workers_finish_together_although_one_of_them_is_slow(
    mood, settings: Settings, stand_in: Callable[[str], HostClient], client: HostClient
):
    mood.say_many([f"a slow day number {n}" for n in range(100)])
    in_small_steps = settings.model_copy(update={"sentiment_batch_size": 4})
    slow = stand_in("poisonous_host")
    taken: dict[str, ScoreTotals] = {}

    def work(name: str, host: HostClient) -> None:
        with connect(settings) as connection:
            taken[name] = score_pending(connection, in_small_steps, host, RUN)

    workers = [
        threading.Thread(target=work, args=worker)
        for worker in (("slow", slow), ("quick", client))
    ]
    for host in (slow, client):
        host.health()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(one.posts for one in taken.values()) == 100
    # The slow one keeps the quick one waiting for the step it is at, not for half of the work.
    waited = taken["slow"].seconds - taken["quick"].seconds
    half = 50 * taken["slow"].seconds / taken["slow"].posts
    assert waited < half
    assert taken["quick"].posts > taken["slow"].posts > 0


def test_what_is_said_while_a_lane_works_says_whose_it_is(
    mood, settings: Settings, client: HostClient, monkeypatch: pytest.MonkeyPatch
):
    known = []
    predict = HostClient.predict

    def overheard(*asked: Any, **how: Any) -> Any:
        known.append(get_contextvars())
        return predict(*asked, **how)

    monkeypatch.setattr(HostClient, "predict", overheard)
    mood.say("1", "great")
    with bound_contextvars(run="bronze_mastodon/1"):
        mood.score(client)
    assert known == [{"run": "bronze_mastodon/1"}]


def test_a_large_micro_batch_is_not_written_by_comparing_each_post_with_each(
    mood, settings: Settings, model: ActiveModel
):
    class Explaining:
        """A connection that says how it would do what it is asked, whatever the values are."""

        plans = ""

        def execute(self, statement: str, values: Any) -> None:
            query = PostgresQuery(Transformer(mood.connection))
            query.convert(statement, values)
            mood.connection.execute(b"prepare asked as " + query.query)
            holes = ", ".join(["null"] * len(query.params or ()))
            plan = mood.connection.execute(f"explain execute asked ({holes})").fetchall()
            mood.connection.execute("deallocate asked")
            self.plans += "\n".join(line for (line,) in plan)

    mood.say_many(["great"] * 5000)
    batch = claim(mood.connection, settings, model, 1000)
    batch.known[batch.posts[0].input_hash] = Known(dict.fromkeys(model.card.labels, 0.3), "cpu")
    mood.connection.execute("set local plan_cache_mode to force_generic_plan")
    asked = Explaining()
    write(asked, settings, model, batch, shown=True, pipeline_run_id=RUN)  # type: ignore[arg-type]
    assert "Insert on posts_to_load" in asked.plans
    assert "Join Filter" not in asked.plans
    assert "Seq Scan" not in asked.plans
