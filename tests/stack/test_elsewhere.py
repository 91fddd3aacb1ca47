"""A stack that runs, seen from another terminal: started there, asked how it is, ended."""

import os
import sys
from io import StringIO

import psutil
import pytest
from rich.console import Console

from chorus.domain.errors import StackError
from chorus.stack import background
from chorus.stack.background import start
from chorus.stack.elsewhere import send_wave, status, stop
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import holder, run_lock
from chorus.stack.voice import Voice

# The real lock and signals, around a wave that ends when a file appears.
STACK = """
import sys, time
from pathlib import Path
from chorus.stack.interrupts import one_interrupt
from chorus.stack.run_lock import run_lock

root = Path(sys.argv[1])
with one_interrupt(), run_lock(root / "lock") as lock:
    lock.announce("http://127.0.0.1:9")
    print("the database starts", flush=True)
    if (root / "broken").exists():
        sys.exit("the database does not start")
    lock.announce("http://127.0.0.1:9", "answers")
    while not (root / "landed").exists():
        time.sleep(0.02)
    print("the wave landed", flush=True)
    lock.announce("http://127.0.0.1:9", "landed")
    time.sleep(600)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "COMMAND", (sys.executable, "-c", STACK, str(tmp_path)))
    folder = RunFolder(tmp_path)
    yield folder
    stop(folder)


@pytest.fixture
def said():
    return StringIO()


@pytest.fixture
def voice(said):
    return Voice(Console(file=said))


def test_a_start_returns_once_the_stack_answers_and_leaves_it_running(run, voice, said):
    held = start(run, voice)
    assert (held.stage, held.address) == ("answers", "http://127.0.0.1:9")
    assert "the database starts" in said.getvalue()
    assert psutil.pid_exists(held.process)
    assert os.getsid(held.process) != os.getsid(0), "a closed terminal does not reach it"


def test_a_start_may_wait_for_the_first_wave(run, voice, said):
    (run.root / "landed").touch()
    assert start(run, voice, first_wave=True).stage == "landed"
    assert "the wave landed" in said.getvalue()


def test_a_start_that_fails_says_what_the_stack_said_and_where_that_lies(run, voice, said):
    (run.root / "broken").touch()
    with pytest.raises(StackError, match=r"logs/run\.log"):
        start(run, voice)
    assert "the database does not start" in said.getvalue()


def test_who_stops_waiting_for_a_start_is_told_that_it_goes_on(
    run, voice, said, monkeypatch, eventually
):
    def impatient(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(background.time, "sleep", impatient)
    with pytest.raises(KeyboardInterrupt):
        start(run, voice)
    monkeypatch.undo()
    assert "`make stop` ends it" in said.getvalue()
    eventually(lambda: holder(run.lock))


def test_a_second_start_says_where_the_first_is_and_leaves_its_log_alone(run, voice):
    start(run, voice)
    with pytest.raises(StackError, match=r"already runs here, at http://127\.0\.0\.1:9"):
        start(run, voice)
    assert "the database starts" in run.log("run").read_text()


def test_a_stop_ends_it_and_says_so_once(run, voice):
    held = start(run, voice)
    assert stop(run) is True
    assert not psutil.pid_exists(held.process)
    assert holder(run.lock) is None
    assert stop(run) is False


def test_whom_the_lock_outlived_does_not_run(run):
    with run_lock(run.lock) as lock:
        lock.announce("http://127.0.0.1:9", "landed")
        assert holder(run.lock).process == os.getpid()
    assert holder(run.lock) is None


def test_a_running_stack_is_shown_with_its_address_and_parts(tmp_path, httpserver):
    health = {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "unhealthy"},
        "triggerer": {"status": None},
    }
    httpserver.expect_request("/api/v2/monitor/health").respond_with_json(health)
    run = RunFolder(tmp_path)
    with run_lock(run.lock) as lock:
        lock.announce(httpserver.url_for("").rstrip("/"), "answers")
        where, *parts = status(run)
    assert where.startswith(httpserver.url_for("").rstrip("/"))
    assert parts == [
        "metadatabase   healthy",
        "scheduler      unhealthy",
        "triggerer      not started yet",
    ]


def test_a_stack_whose_airflow_is_silent_is_not_one_that_is_gone(tmp_path):
    run = RunFolder(tmp_path)
    with run_lock(run.lock) as lock:
        lock.announce("http://127.0.0.1:9", "answers")
        with pytest.raises(StackError, match="Airflow does not answer"):
            status(run)


def test_a_stack_that_starts_is_not_one_that_is_silent(tmp_path):
    run = RunFolder(tmp_path)
    with run_lock(run.lock) as lock:
        lock.announce("http://127.0.0.1:9", "starts")
        with pytest.raises(StackError, match="still starting"):
            status(run)


@pytest.mark.parametrize("asked", [status, send_wave])
def test_where_nothing_runs_a_sentence_says_what_would(tmp_path, asked):
    with pytest.raises(StackError, match="`make start` starts it"):
        asked(RunFolder(tmp_path))
