"""A model that is Python all through is read by as many processes as there are cores, with one host and one load."""

import contextlib
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from chorus.sentiment.backends.cores import cores
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostDied, TextsRefused
from tests.sentiment.test_host import Maker, gone, loads, wait_until

READERS = (sys.executable, "-m", "tests.sentiment.poisonous_readers")

pytestmark = pytest.mark.skipif(cores() < 2, reason="one core has nothing to read beside")


@pytest.fixture(autouse=True)
def found_from_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def readers_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children()


def test_there_are_as_many_as_cores_of_one_load(host_of: Maker, vader: ModelCard):
    client = host_of(vader)
    assert len(readers_of(client.health()["pid"])) == min(cores(), 16)
    assert loads(client) == 1


def test_a_model_that_uses_all_cores_has_none(host_of: Maker, tiny: ModelCard):
    assert readers_of(host_of(tiny).health()["pid"]) == []


def test_a_caller_is_answered_while_another_is_read(host_of: Maker, vader: ModelCard):
    """Both texts are read under one lock, which threads would wait for."""
    client = host_of(vader, program=READERS)
    pid = client.health()["pid"]
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(client.predict, ["endless"], deaths=1)
        wait_until(lambda: client.health()["open"] > 1)
        assert len(client.predict(["queue"]).probabilities) == 1
        assert not other.done()
        os.kill(pid, signal.SIGKILL)
        assert isinstance(other.exception(), HostDied)


def test_what_a_text_does_to_a_reader_is_said_as_it_was(host_of: Maker, vader: ModelCard):
    client = host_of(vader, program=READERS)
    with pytest.raises(TextsRefused, match=r"^ValueError: this text explodes$"):
        client.predict(["a day", "explode"])
    assert len(client.predict(["a day"]).probabilities) == 1
    assert loads(client) == 1


def test_a_reader_that_dies_takes_its_host_along_and_the_next_call_starts_another(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=READERS)
    pid = client.health()["pid"]
    readers = readers_of(pid)
    with pytest.raises(HostDied):
        client.predict(["kill"], deaths=1)
    wait_until(lambda: gone(pid) and all(gone(reader.pid) for reader in readers))
    assert "DIED a reader" in client.place.log.read_text()
    assert len(client.predict(["a day"]).probabilities) == 1


def test_readers_end_with_a_killed_host_in_the_middle_of_a_text_and_hold_up_no_other(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=READERS)
    pid = client.health()["pid"]
    readers = readers_of(pid)
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(HostDied):
        client.predict(["endless"], deaths=1)
    began = time.monotonic()
    assert len(client.predict(["a day"]).probabilities) == 1
    assert time.monotonic() - began < 20
    wait_until(lambda: all(gone(reader.pid) for reader in readers))


def test_a_host_that_leaves_takes_its_readers_along(host_of: Maker, vader: ModelCard):
    client = host_of(vader, idle_seconds=0.2)
    pid = client.health()["pid"]
    readers = readers_of(pid)
    wait_until(lambda: gone(pid) and all(gone(reader.pid) for reader in readers))


def test_what_a_reader_grows_by_counts_for_the_ceiling(host_of: Maker, vader: ModelCard):
    client = host_of(vader, program=READERS)
    pid = client.health()["pid"]
    with contextlib.suppress(HostDied):
        client.predict(["grow"], deaths=1)
    wait_until(lambda: gone(pid))
    assert f"over the ceiling of {vader.memory_mb} MB" in client.place.log.read_text()
