"""A disk that is full in the middle of a wave: PostgreSQL's own, which is the warehouse's and Airflow's."""

import os
import shutil
import subprocess
import time

import pytest

from tests.e2e.running import start
from tests.faults.waves import day, is_whole, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1800)]

FULL = "No space left on device"


@pytest.fixture
def small_disk(calm):
    """The same stack, its PostgreSQL moved to a disk of memory."""
    folder = calm.newcomer.run_folder / "postgres"
    aside = folder.with_name("postgres-aside")
    calm.newcomer.make("stop")
    folder.rename(aside)
    folder.mkdir()
    disk = ["mount", "-t", "tmpfs", "-o", "size=2g", "tmpfs", folder]
    mounted = subprocess.run(disk, capture_output=True, text=True, check=False)
    try:
        if mounted.returncode:
            pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
        _copy(aside, folder)
        yield start(calm.newcomer)
    finally:
        calm.newcomer.make("stop")
        if mounted.returncode == 0:
            shutil.rmtree(aside)
            aside.mkdir()
            _copy(folder, aside)
            subprocess.run(["umount", folder], check=True)
        folder.rmdir()
        aside.rename(folder)


def _copy(source, goal):
    subprocess.run(["cp", "-a", f"{source}/.", goal], check=True)


def test_a_disk_that_was_full_for_a_while_costs_time_and_nothing_else(small_disk, undisturbed):
    stack = small_disk
    folder, log = stack.newcomer.run_folder / "postgres", "postgres.log"
    ballast = folder / "ballast"
    first, then = day(300)
    send(stack.api, first)
    time.sleep(3)
    free = os.statvfs(folder)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
    said = stack.newcomer.run_folder / "logs" / log
    until = time.monotonic() + 120
    while FULL not in said.read_text(errors="replace"):
        assert time.monotonic() < until, "PostgreSQL did not notice"
        time.sleep(0.5)
    time.sleep(10)
    ballast.unlink()
    wait_until_all_is_done(stack)
    send(stack.api, then)
    wait_until_all_is_done(stack)
    is_whole(stack, undisturbed, first, then)
