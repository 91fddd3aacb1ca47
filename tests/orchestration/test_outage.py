"""An hour without a warehouse, as Airflow's own tasks, deadlines and ops_watch meet it, is two messages."""

import asyncio
import tempfile
from types import SimpleNamespace

import psycopg
import pytest

from chorus.domain.errors import WarehouseUnavailable
from chorus.domain.rules import WATCHED
from chorus.orchestration import channels, deadlines, trouble, warehouse
from chorus.pipelines.watch import Finding
from chorus.pipelines.watching import look
from tests.orchestration.test_deadlines import LATE
from tests.pipelines.watch.conftest import Heard

WAVE = ("bronze_mastodon", "bronze_mastodon_remeasure", "silver_star", "gold_views")


@pytest.fixture
def heard(monkeypatch, tmp_path):
    heard = Heard()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(channels, "alarm_channels", lambda _: [heard])
    monkeypatch.setattr(trouble, "_unfinished", lambda *_: "load: running")
    return heard


@pytest.fixture
def down(warehouse_settings, monkeypatch):
    settings = warehouse_settings.model_copy(update={"database_port": 9})
    for module in (warehouse, trouble):
        monkeypatch.setattr(module, "task_settings", lambda: settings)
    return settings


def fails(dag_id, task_id):
    """As Airflow ends a task whose last try found no warehouse."""
    try:
        with warehouse.open_warehouse():
            pass
    except WarehouseUnavailable as error:
        deadlines.mail_failure(
            {
                "ti": SimpleNamespace(task_id=task_id, map_index=-1, try_number=4),
                "dag_run": SimpleNamespace(dag_id=dag_id, run_id="scheduled__1"),
                "exception": error,
            }
        )


def test_whatever_fails_or_is_late_for_want_of_the_warehouse_is_two_messages(
    heard, down, warehouse_settings
):
    for _ in range(4):
        for dag_id in WAVE:
            fails(dag_id, "load")
        late = LATE["dag_run"] | {"dag_id": "bronze_mastodon"}
        asyncio.run(deadlines.mail_missed_deadline(LATE | {"dag_run": late}))
        for rule in WATCHED:
            look(rule, lambda *_: None, down, [heard])
    assert heard.headlines == ["bronze_mastodon failed in load."]
    assert "PostgreSQL does not let us in" in heard.alarms[0].advice
    for rule in WATCHED:
        well = Finding(is_well=True, sentence="All is well.")
        look(rule, lambda *_, well=well: well, warehouse_settings, [heard])
    assert heard.headlines[1:] == ["Warehouse is well again. The warehouse answers again."]


def test_a_task_whose_connection_breaks_on_the_way_says_so_in_a_sentence(
    warehouse_settings, monkeypatch
):
    tries = []

    @warehouse.with_db_retry
    def work():
        with psycopg.connect(warehouse_settings.dsn()) as connection:
            tries.append(connection)
            connection.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr("chorus.config.load_settings", lambda: warehouse_settings)
    with pytest.raises(WarehouseUnavailable) as raised:
        work()
    assert len(tries) == warehouse_settings.db_retry_attempts
    assert str(raised.value) == (
        "The warehouse gave up on us (terminating connection due to administrator command); "
        "see what PostgreSQL says (`make logs-postgres`)."
    )
