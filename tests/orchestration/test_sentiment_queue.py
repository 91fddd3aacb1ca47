"""Which workers read the mood."""

import pytest

from chorus.orchestration import sentiment_operator
from chorus.orchestration.sentiment_operator import SentimentOperator, whose_workers
from tests.conftest import settings_for_tests


@pytest.fixture
def gpu_queue(monkeypatch):
    settings = settings_for_tests(sentiment_queue="gpu")
    monkeypatch.setattr(sentiment_operator, "load_settings", lambda: settings)


def test_the_mood_is_read_where_everything_is_done():
    assert SentimentOperator(task_id="score").queue == "default"


def test_a_setting_sends_it_to_the_workers_with_a_gpu(gpu_queue):
    assert SentimentOperator(task_id="score").queue == "gpu"


@pytest.mark.parametrize(
    ("executors", "takes_it"),
    [
        ("LocalExecutor", None),
        ("CeleryExecutor", None),
        ("KubernetesExecutor", None),
        ("KubernetesExecutor,CeleryExecutor", "CeleryExecutor"),
        ("LocalExecutor, CeleryExecutor", "CeleryExecutor"),
    ],
)
def test_where_other_tasks_are_pods_it_stays_with_the_workers_that_listen_to_the_queue(
    gpu_queue, monkeypatch, executors, takes_it
):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", executors)
    assert SentimentOperator(task_id="score").executor == takes_it
    assert whose_workers().get("executor") == takes_it, "and so does a mapped one"


def test_without_a_queue_of_its_own_it_goes_where_the_others_go(monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor,CeleryExecutor")
    assert SentimentOperator(task_id="score").executor is None


def test_a_dag_of_ones_own_may_say_otherwise(gpu_queue):
    assert SentimentOperator(task_id="score", queue="tpu").queue == "tpu"
