"""Which workers read the mood."""

import pytest

from chorus.orchestration import sentiment_operator
from chorus.orchestration.sentiment_operator import SentimentOperator
from tests.conftest import settings_for_tests


@pytest.fixture
def gpu_queue(monkeypatch):
    settings = settings_for_tests(sentiment_queue="gpu")
    monkeypatch.setattr(sentiment_operator, "load_settings", lambda: settings)


def test_the_mood_is_read_where_everything_is_done():
    assert SentimentOperator(task_id="score").queue == "default"


def test_a_setting_sends_it_to_the_workers_with_a_gpu(gpu_queue):
    assert SentimentOperator(task_id="score").queue == "gpu"


def test_a_dag_of_ones_own_may_say_otherwise(gpu_queue):
    assert SentimentOperator(task_id="score", queue="tpu").queue == "tpu"
