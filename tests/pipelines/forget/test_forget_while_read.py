"""A model reads a post at the moment at which its author, or somebody it names, is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest
from pydantic import SecretStr
from upath import UPath

from chorus.pipelines import score_batch
from chorus.pipelines.extract import keep
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.score_batch import Known
from chorus.pipelines.transform import transform_pending
from chorus.sentiment.active import active_models
from chorus.sentiment.isolation import Poison
from chorus.sources.mastodon_events import events_of
from chorus.sources.page import Page
from chorus.warehouse import forget
from chorus.warehouse.account_names import find_account
from chorus.warehouse.connection import connect
from chorus.warehouse.load_queues import enqueue_posts_to_score
from tests.pipelines.forget.conftest import SECRET, START
from tests.pipelines.forget.test_forget import forget_them

WAITING = """
    select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
"""
LEFT = """
    select 'moods' as what, count(*) from dim_facts.post_sentiments
    union all select 'letters', count(*) from bronze.dead_letters
    union all select 'queued', count(*) from bronze.posts_to_score
    union all select 'to load', count(*) from bronze.posts_to_load where uri like '%/1'
"""
NOTHING = {"moods": 0, "letters": 0, "queued": 0, "to load": 0}


@pytest.fixture
def settings(warehouse_settings):
    changes = {"sentiment_backend": "vader", "pseudonym_secret": SecretStr(SECRET)}
    return warehouse_settings.model_copy(update=changes)


@pytest.fixture
def model(settings):
    return active_models(settings)[0]


@pytest.fixture
def said(warehouse, settings, model):
    """Bo says something, which waits to be read."""

    def said(number, content):
        status = {
            "id": number,
            "content": content,
            "uri": f"https://mastodon.demo/{number}",
            "created_at": START.isoformat(),
            "visibility": "public",
            "mentions": [{"id": "7", "acct": "ana", "url": "https://mastodon.demo/@ana"}],
            "account": {"id": "8", "acct": "bo", "uri": "https://mastodon.demo/bo"},
        }
        page = Page.of(events_of(status, "mastodon.demo", START + timedelta(hours=1)))
        keep(warehouse, settings, page, "run")
        transform_pending(warehouse, settings, "run", [model.key.text])

    return said


@pytest.fixture
def lane(settings):
    with connect(settings) as lane:
        yield lane


def answer(lane, settings, model, batch, *, broken=False):
    """The model has read what was claimed, or broke over it."""
    for post in batch.posts:
        if broken:
            batch.poison[post.input_hash] = Poison("TextsRefused", "it exploded")
        else:
            scores = dict.fromkeys(model.card.labels, 0.1) | {"positive": 0.8}
            batch.known[post.input_hash] = Known(scores, "cpu")
    score_batch.write(lane, settings, model, batch, shown=True, pipeline_run_id="run")
    lane.commit()


def until_somebody_waits(connection):
    gives_up = monotonic() + 30
    while connection.execute(WAITING).fetchone() != (1,):
        assert monotonic() < gives_up, "nobody waits for a lock"
        connection.rollback()
    connection.rollback()


@pytest.mark.parametrize("broken", [False, True])
def test_what_is_said_of_their_post_before_it_goes_goes_with_it(
    warehouse, settings, model, said, lane, tmp_path, broken
):
    said("1", "<p>It is lovely</p>")
    reading = score_batch.claim(lane, settings, model, 10)

    with ThreadPoolExecutor(1) as beside:
        forgetting = beside.submit(forget_them, settings, UPath(tmp_path), "bo")
        until_somebody_waits(warehouse)
        answer(lane, settings, model, reading, broken=broken)
        assert forgetting.result(30)["posts"] == 0

    assert dict(warehouse.execute(LEFT).fetchall()) == NOTHING


@pytest.mark.parametrize("broken", [False, True])
def test_of_a_post_that_is_gone_when_it_was_read_nothing_is_written(
    warehouse, settings, model, said, lane, broken
):
    """It was queued once more, by somebody who could not know yet."""
    said("1", "<p>It is lovely</p>")
    with connect(settings) as forgetter, ThreadPoolExecutor(1) as beside:
        found = find_account(forgetter, settings, "mastodon", "mastodon.demo", ["bo"])
        forget.name_account(forgetter, settings, [one.seen for one in found])
        forget.remove_account(forgetter, settings)
        post = ("mastodon", "mastodon.demo", "1")
        enqueue_posts_to_score(lane, settings, [post], [model.key.text])
        lane.commit()
        reading = score_batch.claim(lane, settings, model, 10)
        assert [post.text for post in reading.posts] == ["It is lovely"]
        answering = beside.submit(answer, lane, settings, model, reading, broken=broken)
        until_somebody_waits(warehouse)
        forgetter.commit()
        answering.result(30)

    assert dict(warehouse.execute(LEFT).fetchall()) == NOTHING


def test_words_that_a_model_is_reading_when_they_are_rewritten_are_read_again(
    warehouse, settings, model, said, lane, tmp_path
):
    """It answers for words that the post no longer says."""
    said("2", "<p>An earlier one</p>")
    # A model that has read nothing yet would get everything.
    score_all_pending(warehouse, settings, "run")
    said("1", "<p>@ana is lovely</p>")

    reading = score_batch.claim(lane, settings, model, 10)
    assert [post.text for post in reading.posts] == ["@ana is lovely"]
    forget_them(settings, UPath(tmp_path), "ana")
    lane.commit()
    score_all_pending(warehouse, settings, "run")

    [(text, label)] = warehouse.execute(
        "select content_text, sentiment_label from bronze.transformed_toots_with_sentiment_data where id = '1'"
    )
    assert "ana" not in text
    assert label == "positive"
