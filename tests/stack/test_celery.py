"""What EXECUTOR=CeleryExecutor adds to the stack; tests/e2e/test_with_celery.py sends a wave through it."""

import io
import os
import shutil

import pytest
import redis
from rich.console import Console

from chorus.config import Settings
from chorus.domain.errors import StackError
from chorus.stack.celery import queues, start_redis, worker
from chorus.stack.environment import base_environment
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path / "a folder with spaces")


@pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="redis-server is not installed"
)
def test_redis_answers_who_knows_its_password_and_remembers_what_it_was_handed(run, eventually):
    environment = base_environment(run.root, os.environ)

    def told():
        with Supervisor(run.root, Voice(Console(file=io.StringIO()))) as supervisor:
            yield start_redis(run, environment, supervisor)["AIRFLOW__CELERY__BROKER_URL"]

    def answers(url):
        try:
            return redis.Redis.from_url(url).ping()
        except redis.ConnectionError:
            return False

    for handed in (b"a task", b"another"):
        for url in told():
            eventually(lambda url=url: answers(url))
            broker = redis.Redis.from_url(url)
            broker.rpush("default", handed)
            waiting = broker.lrange("default", 0, -1)
            stranger = redis.Redis(port=broker.connection_pool.connection_kwargs["port"])
            with pytest.raises(redis.AuthenticationError):
                stranger.ping()
    assert waiting == [b"a task", b"another"]


def test_without_redis_it_is_said_what_to_do(run, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with (
        Supervisor(run.root, Voice(Console(file=io.StringIO()))) as supervisor,
        pytest.raises(StackError, match=r"install it .* or set EXECUTOR=LocalExecutor"),
    ):
        start_redis(run, {}, supervisor)


def test_there_is_a_worker_for_every_queue_each_with_a_name_of_its_own(run):
    alone = Settings(_env_file=None)
    with_gpu = Settings(_env_file=None, sentiment_queue="gpu")
    assert queues(alone) == ["default"]
    assert queues(with_gpu) == ["default", "gpu"]
    workers = [worker(queue, run, {}) for queue in queues(with_gpu)]
    assert [one.name for one in workers] == ["worker-default", "worker-gpu"]
    assert len({one.command for one in workers}) == 2


def test_a_file_that_a_killed_worker_left_stands_in_nobodys_way(run):
    left = run.airflow / "worker-default.pid"
    left.parent.mkdir(parents=True)
    left.write_text("1")
    worker("default", run, {}).before_start()
    assert not left.exists()
