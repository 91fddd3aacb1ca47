"""One fresh clone and one running stack for all tests that are about the whole, and take minutes.

A plugin of tests/conftest.py, so that several folders of tests share the same one.
"""

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chorus.config import Settings, read_settings
from chorus.stack.airflow_api import AirflowApi
from tests.e2e.newcomer import Newcomer, clone_into, processes_of
from tests.faults.waves import wait_until_quiet


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Whoever runs these tests, with a clone below a folder that is closed to everybody else."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    return Newcomer(clone_into(closed), closed / "home")


@pytest.fixture(scope="session")
def ordinary_newcomer() -> Iterator[Newcomer]:
    """An ordinary user, also where root runs the tests; in a folder of their own, since pytest keeps its own closed."""
    with TemporaryDirectory(prefix="chorus-newcomer-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        yield Newcomer(clone_into(place), place / "home", ordinary=os.geteuid() == 0)


@dataclass
class Stack:
    """A stack that runs, as a person and as a program see it."""

    newcomer: Newcomer
    api: AirflowApi
    settings: Settings

    @property
    def said(self) -> str:
        """What it says to nobody in particular."""
        return (self.newcomer.run_folder / "logs" / "run.log").read_text()

    def start_anew(self, **variables: str) -> None:
        """Ended, and started by a person with these settings; it may listen elsewhere then."""
        self.newcomer.make("stop")
        again = start(self.newcomer, **variables)
        self.api, self.settings = again.api, again.settings


@pytest.fixture(scope="session")
def killed_start(newcomer: Newcomer) -> None:
    """A start in a fresh clone that is killed while databases are made; what it started itself goes on."""
    running = newcomer.start("run")
    running.wait_for(r"airflow +makes its database", within=600)
    os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait()


@pytest.fixture(scope="session")
def first_run(newcomer: Newcomer, killed_start: None):
    """What `make run ONCE=1` says on what the killed start left, and how it ends."""
    done = newcomer.make("run", ONCE="1")
    done.still_there = processes_of(newcomer.clone)
    return done


def start(newcomer: Newcomer, **variables: str) -> Stack:
    """`make start` on what an earlier run left."""
    started = newcomer.make("start", **variables)
    found = re.search(r"Airflow: (\S+)\s+sign in as admin with (\S+)", started.stdout)
    assert found, started.stdout
    settings = read_settings(_env_file=newcomer.run_folder / "chorus.env")
    return Stack(newcomer, AirflowApi(found[1], found[2]), settings)


@pytest.fixture(scope="session")
def stack(newcomer: Newcomer, first_run) -> Iterator[Stack]:
    """`make start` on what the first run left."""
    assert first_run.returncode == 0, first_run.stdout
    try:
        yield start(newcomer)
    finally:
        newcomer.make("stop")


@pytest.fixture(scope="module")
def undisturbed(server, template) -> Iterator[Settings]:
    """A warehouse beside the stack's, in which a test reads for itself what should be in both."""
    from tests.conftest import fresh_warehouse

    with fresh_warehouse(server, template) as settings:
        yield settings


@pytest.fixture
def calm(stack: Stack) -> Stack:
    """The stack, with nothing to do; started anew where a test before has ended it."""
    if stack.newcomer.make("status").returncode:
        stack.start_anew()
    wait_until_quiet(stack.api)
    return stack
