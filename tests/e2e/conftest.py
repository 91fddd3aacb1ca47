"""One fresh clone and one running stack for all end-to-end tests: they are about the whole, and take minutes."""

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
from tests.e2e.newcomer import Newcomer, clone_into


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
    return newcomer.make("run", ONCE="1")


@pytest.fixture(scope="session")
def stack(newcomer: Newcomer, first_run) -> Iterator[Stack]:
    """`make start` on what the first run left."""
    assert first_run.returncode == 0, first_run.stdout
    started = newcomer.make("start")
    try:
        found = re.search(r"Airflow: (\S+)\s+sign in as admin with (\S+)", started.stdout)
        assert found, started.stdout
        settings = read_settings(_env_file=newcomer.run_folder / "chorus.env")
        yield Stack(newcomer, AirflowApi(found[1], found[2]), settings)
    finally:
        newcomer.make("stop")
