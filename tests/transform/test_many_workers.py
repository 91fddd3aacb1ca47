"""Many workers at once and workers that are killed: every raw event is taken in exactly once."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from chorus.pipelines import transform as pipeline
from chorus.pipelines.transform import TransformCounts, transform_pending
from chorus.warehouse import observations
from chorus.warehouse.connection import connect
from tests.sessions import wait_until_alone

WORKER = Path(__file__).parent / "transform_slowly.py"
TOOTS = "transformed_toots_with_sentiment_data"
OUTPUT = {"post_observations": 12, TOOTS: 12, "posts_to_score": 12, "account_observations": 12, "dead_letters": 1}  # fmt: skip


@pytest.fixture
def pending(saw, status, account):
    for number in range(12):
        saw(status(str(number)))
        saw(account(id=str(number)), event_type="account")
    saw(status("bad", created_at=None))


@pytest.mark.parametrize(
    "place", ["clean", "stage", "insert", "show", "enqueue", "accounts", "reject", "mark"]
)
@pytest.mark.usefixtures("pending")
def test_a_worker_killed_in_the_middle_leaves_each_event_once(
    warehouse, warehouse_settings, transform, rows, monkeypatch, place
):
    monkeypatch.setattr(pipeline, "PATIENCE", "set local lock_timeout = '50ms'")
    worker = subprocess.Popen(
        [sys.executable, WORKER, as_json(warehouse_settings), place],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "here\n"
        assert transform("other").claimed < 25, "what the worker holds is left to it"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    assert worker.returncode == -signal.SIGKILL

    wait_until_alone(warehouse)
    transform("retry")
    assert {table: len(rows(table)) for table in OUTPUT} == OUTPUT
    assert all(event["processed"] for event in rows("raw_events"))


@pytest.mark.usefixtures("pending")
def test_four_workers_with_failures_take_each_event_in_once(
    warehouse_settings, rows, monkeypatch
):
    real, calls = observations.mark_processed, iter(range(10_000))

    def sometimes_fails(*arguments):
        if next(calls) % 3 == 0:
            raise psycopg.errors.SerializationFailure("injected")
        real(*arguments)

    monkeypatch.setattr(pipeline.observations, "mark_processed", sometimes_fails)
    settings = warehouse_settings.model_copy(update={"db_retry_attempts": 50})

    def work(number: int) -> TransformCounts:
        with connect(settings) as connection:
            return transform_pending(connection, settings, f"run {number}", ["m"], batch_size=2)

    with ThreadPoolExecutor(4) as pool:
        totals = list(pool.map(work, range(4)))

    assert sum(total.claimed for total in totals) == 25
    assert {table: len(rows(table)) for table in OUTPUT} == OUTPUT


@pytest.mark.parametrize(("ends", "left"), [("commit", 0), ("rollback", 25)])
@pytest.mark.usefixtures("pending")
def test_who_finds_all_of_it_held_by_another_waits_and_takes_what_that_one_leaves(
    warehouse_settings, transform, rows, ends, left
):
    """Two sources' runs side by side: each ends with all that it read taken in, whoever took it in."""
    with connect(warehouse_settings) as other, ThreadPoolExecutor(1) as pool:
        held = observations.claim(other, warehouse_settings, 25)
        waiting = pool.submit(transform)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        observations.mark_processed(other, warehouse_settings, [row[:2] for row in held])
        getattr(other, ends)()
        assert waiting.result(timeout=10).claimed == left
    assert all(event["processed"] for event in rows("raw_events"))


def test_workers_that_meet_at_one_post_show_its_latest_look(
    saw, status, later, warehouse_settings, rows
):
    for look in range(60):
        saw(status(str(look % 3), favourites_count=look), observed_at=later(look))

    def work(number: int) -> int:
        with connect(warehouse_settings) as connection:
            run = transform_pending(
                connection, warehouse_settings, f"run {number}", [], batch_size=3
            )
            return run.claimed

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 60

    shown = rows(f"select favourites_count from bronze.{TOOTS} order by id")
    assert [toot["favourites_count"] for toot in shown] == [57, 58, 59]


def as_json(settings) -> str:
    parts = settings.model_dump(include={"database_host", "database_port", "database_name"})
    return json.dumps(
        parts | {"database_password": settings.database_password.get_secret_value()}
    )
