"""Another model, one that comes back, and another judgement: everything is read again, or a window."""

import shutil
from datetime import UTC, datetime

import pytest

from chorus.domain.window import Window
from chorus.sentiment.cards import ModelCard
from chorus.warehouse.connection import connect
from tests.e2e.backfilling import rows_of
from tests.e2e.rerunning import equals_a_rebuild, replay
from tests.faults.waves import day, expected_of, is_whole, send, wait_until_all_is_done
from tests.sentiment.conftest import CARD, train

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1800)]

TINY = {"SENTIMENT_BACKEND": "transformers", "SENTIMENT_MODEL_NAME": "chorus/tiny"}
EVERYTHING = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def models_of(settings, window):
    """Whose moods silver shows."""
    query = """
        select distinct model
        from dim_facts.fact_toot_engagement
        join dim_facts.dim_sentiment using (sentiment_key)
        where created_at >= %s and created_at < %s and model <> 'none'
    """
    with connect(settings) as connection:
        found = connection.execute(query, [window.since, window.until]).fetchall()
    return {model for (model,) in found}


@pytest.fixture
def tiny(calm):
    """Another model, beside the one that is in use; whoever comes after this starts a stack without it."""
    models = calm.newcomer.clone / "include" / "models"
    card, weights = models / "tiny.toml", models / "weights" / "tiny"
    train(weights)
    card.write_text(CARD)
    yield ModelCard.read(card).key("fp32")
    calm.newcomer.make("stop")
    card.unlink()
    shutil.rmtree(weights)


def test_another_model_reads_everything_and_a_window_can_be_scored_again(
    calm, tiny, undisturbed
):
    first, then = day(266)
    send(calm.api, first)
    wait_until_all_is_done(calm)
    calm.start_anew(**TINY)
    send(calm.api, then)
    wait_until_all_is_done(calm)
    assert models_of(calm.settings, EVERYTHING) == {"chorus/tiny"}
    equals_a_rebuild(calm, tiny)

    # The first one comes back, and what it reads now is judged in another way.
    calm.start_anew(SENTIMENT_MODEL_THRESHOLD="1")
    send(calm.api, then)
    wait_until_all_is_done(calm)
    assert models_of(calm.settings, EVERYTHING) == {"vaderSentiment"}
    judged = [rows_of(calm.settings, window) for window in (first, then)]
    assert judged != expected_of(calm, undisturbed, first, then)
    equals_a_rebuild(calm)

    calm.start_anew()
    replay(calm, Window(first.since, then.until), ["mood"], dry_run=False)
    is_whole(calm, undisturbed, first, then)
    equals_a_rebuild(calm)
