"""SIGKILL at any moment loses no post, repeats no prediction, and blames no text."""

import contextlib
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chorus.config import Settings
from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.host.client import HostClient
from tests.sessions import wait_until_alone

TASK = """
import pickle, sys
from pathlib import Path
from chorus.pipelines.score import score_pending
from chorus.sentiment.active import active_models
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import connect
settings = pickle.load(sys.stdin.buffer)
client = HostClient(active_models(settings)[0], runtime=Path(sys.argv[1]))
with connect(settings) as connection:
    score_pending(connection, settings, client, "test/1")
"""


def test_a_host_killed_again_and_again_costs_no_post_and_blames_no_text(
    mood, settings: Settings, client: HostClient
):
    mood.say_many([f"a great day number {n}" for n in range(300)])
    done = threading.Event()
    kills = []

    def kill_now_and_then() -> None:
        # At once first, so that a quick machine is not done before anything died.
        while not kills or not done.wait(random.uniform(0.02, 0.4)):
            kills.append(client.health()["pid"])
            os.kill(kills[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        while mood.waiting() and len(kills) < 50:
            with contextlib.suppress(ModelHostFailed):  # then the task is tried again
                mood.score(client)
    finally:
        done.set()
        killer.join()
    assert kills
    assert (mood.waiting(), mood.predictions()) == (0, 300)
    assert mood.ask("select count(*) from {bronze}.dead_letters") == [(0,)]
    assert mood.ask("select count(*) from {bronze}.posts_to_load") == [(300,)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_task_loses_at_most_one_micro_batch_of_work_and_no_post(
    mood, settings: Settings, client: HostClient, runtime: Path, seed: int
):
    posts = 1000
    mood.say_many([f"seed {seed}, a great day number {n}" for n in range(posts)])
    before = client.health()["texts"]
    task = subprocess.Popen([sys.executable, "-c", TASK, str(runtime)], stdin=subprocess.PIPE)
    task.stdin.write(pickle.dumps(settings))
    task.stdin.close()
    some = random.Random(seed).randint(1, posts // 2)
    while mood.predictions() < some and task.poll() is None:
        time.sleep(0.005)
    task.kill()
    task.wait()
    # What it had sent before it died may still be done.
    wait_until_alone(mood.connection)
    scored = mood.predictions()
    assert 0 < scored < posts, "it was not killed in the middle"
    assert mood.waiting() == posts - scored
    mood.score(client)
    assert (mood.waiting(), mood.predictions()) == (0, posts)
    repeated = client.health()["texts"] - before - posts
    assert repeated <= settings.sentiment_batch_size
