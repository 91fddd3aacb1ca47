"""The same stack with Celery: real Redis and two workers, of which one reads the mood and does nothing else."""

import re
import shutil

import pytest

from chorus.stack.airflow_api import AirflowApi
from tests.e2e.newcomer import processes_of
from tests.e2e.running import Stack
from tests.e2e.wide import score_wide

SHARDS = 2

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.nightly,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        shutil.which("redis-server") is None, reason="redis-server is not installed"
    ),
]


@pytest.fixture(scope="module")
def celery(newcomer, first_run):
    """A stack that has just sent its first wave through both workers."""
    assert first_run.returncode == 0, first_run.stdout
    newcomer.make("stop")
    chosen = {
        "EXECUTOR": "CeleryExecutor",
        "SENTIMENT_QUEUE": "gpu",
        "SENTIMENT_SHARDS": str(SHARDS),
    }
    started = newcomer.make("quickstart", **chosen)
    try:
        assert started.returncode == 0, started.stdout
        found = re.search(r"Airflow: (\S+)\s+sign in as admin with (\S+)", started.stdout)
        yield Stack(newcomer, AirflowApi(found[1], found[2]), None)
    finally:
        newcomer.make("stop")


def received(stack, queue):
    """How many tasks a worker was handed, by its own log."""
    log = stack.newcomer.run_folder / "logs" / f"worker-{queue}.log"
    return len(re.findall(r"Task \S+ received", log.read_text()))


def test_a_wave_goes_through_both_workers_and_its_mood_is_read_by_the_one_for_it(celery):
    runs = celery.api.everything("/dags/bronze_mastodon/dagRuns", "dag_runs")
    last = max(runs, key=lambda run: run["queued_at"])
    path = f"/dags/bronze_mastodon/dagRuns/{last['dag_run_id']}/taskInstances"
    tasks = celery.api.everything(path.replace("+", "%2B"), "task_instances")
    assert {task["state"] for task in tasks} == {"success"}
    queues = {(task["task_id"] == "score", task["queue"]) for task in tasks}
    assert queues == {(True, "gpu"), (False, "default")}
    assert received(celery, "gpu") >= SHARDS
    assert received(celery, "default") > received(celery, "gpu")


def test_eight_mapped_tasks_load_the_model_once(celery):
    before = received(celery, "gpu")
    states, loads, texts = score_wide(celery, shards=8)
    assert states == ["success"] * 8
    assert loads == 1
    assert texts >= 8 * 20
    # And those of the run that brought the posts.
    assert received(celery, "gpu") == before + 8 + SHARDS


def test_nothing_is_left_of_it(celery):
    celery.newcomer.make("stop")
    assert processes_of(celery.newcomer.clone) == []
