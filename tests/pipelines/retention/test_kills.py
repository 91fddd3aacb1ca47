"""A pass that is killed at any boundary loses no raw event, and the next one finishes what it began."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chorus import paths
from chorus.pipelines.archive import find_week, restore_week
from tests.pipelines.retention.conftest import NOW, event
from tests.sessions import wait_until_alone

SCRIPT = Path(__file__).with_name("retain_and_die.py")
BOUNDARIES = [
    ("chorus.warehouse.raw_weeks", "merge_staged", "before"),
    ("chorus.warehouse.raw_weeks", "merge_staged", "after"),
    ("chorus.warehouse.parquet", "measure", "before"),
    ("chorus.pipelines.archive", "remember", "before"),
    ("chorus.warehouse.raw_weeks", "release", "before"),
    ("chorus.warehouse.raw_weeks", "release", "after"),
    ("chorus.pipelines.archive", "discard_older", "before"),
    ("chorus.pipelines.archive", "discard_older", "after"),
]


@pytest.mark.parametrize(("module", "function", "moment"), BOUNDARIES)
def test_a_killed_pass_loses_nothing(bronze, module, function, moment):
    first = [event(str(n), 400, n=n) for n in range(50)]
    bronze.take_in(*first, event("elsewhere", 450))
    bronze.retain()
    bronze.take_in(event("late", 400), event("another", 450))
    dsn = bronze.settings.dsn()
    killed = subprocess.run(
        [
            sys.executable,
            SCRIPT,
            dsn,
            bronze.archive,
            NOW.isoformat(),
            module,
            function,
            moment,
        ],
        cwd=paths.ROOT,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    wait_until_alone(bronze.connection)

    bronze.retain()
    assert bronze.rows() == []
    assert len(list(bronze.archive.iterdir())) == 2
    for name in ("2025w42", "2025w35"):
        week = find_week(bronze.connection, bronze.settings, name)
        restore_week(bronze.connection, bronze.settings, bronze.archive, week)
    posts = {post for (post,) in bronze.rows("select post_id from bronze.raw_events")}
    assert posts == {str(n) for n in range(50)} | {"elsewhere", "late", "another"}
