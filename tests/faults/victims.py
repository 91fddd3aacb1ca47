"""The processes of a running stack, to be killed as the kernel kills them: without a word."""

import os
import signal
import time
from contextlib import suppress

import psutil

from tests.e2e.newcomer import processes_of

# What stands in the command line of each component's first process.
COMPONENTS = {
    "demo-network": "chorus.demo",
    "exporter": "chorus.exporter",
    "triggerer": "airflow triggerer",
    "dag-processor": "airflow dag-processor",
    "api-server": "airflow api_server",
    "scheduler": "airflow scheduler",
    "postgres": "bin/postgres -D",
}
TASK = "airflow worker -- "  # and its own id
POOL_OF_WORKERS = "LocalExecutor"
MODEL_HOST = "chorus.sentiment.host"


def kill_component(newcomer, name):
    """Once it runs: some start later than others."""
    patience = time.monotonic() + 60
    while not (leaders := list(filter(_leads, _of(newcomer, COMPONENTS[name])))):
        assert time.monotonic() < patience, f"{name} does not run"
        time.sleep(0.2)
    [first] = leaders
    first.send_signal(signal.SIGKILL)


def kill_a_task(newcomer):
    """One that does its work just then."""
    return _kill_one(newcomer, TASK, but_not=POOL_OF_WORKERS)


def kill_model_host(newcomer):
    return _kill_one(newcomer, MODEL_HOST)


def kill(newcomer, name):
    """Says whether somebody died: tasks and hosts come and go."""
    if name == "task":
        return kill_a_task(newcomer)
    if name == "model-host":
        return kill_model_host(newcomer)
    kill_component(newcomer, name)
    return True


def _kill_one(newcomer, words, but_not="\0", patience=20):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for process in _of(newcomer, words):
            if but_not not in _command(process):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
                    return True
        time.sleep(0.1)
    return False


def _of(newcomer, words):
    return [process for process in processes_of(newcomer.clone) if words in _command(process)]


def _command(process):
    """Empty where it ended while we looked: tasks end all the time."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie is one, too
        return ""


def _leads(process):
    try:
        return os.getsid(process.pid) == process.pid
    except ProcessLookupError:
        return False
