"""The way to PostgreSQL: what fails says what to do, what may pass is tried again."""

import psycopg
import pytest

from chorus.config import Settings
from chorus.domain.errors import WarehouseOutdated, WarehouseUnavailable
from chorus.stack.ports import LOOPBACK, any_free_port
from chorus.warehouse.connection import connect, retrying


def settings_at(**values):
    return Settings(_env_file=None, database_host=LOOPBACK, **values)


def test_a_server_that_does_not_run_is_one_sentence():
    settings = settings_at(database_port=any_free_port(), database_password="hunter2")
    with pytest.raises(WarehouseUnavailable) as caught:
        connect(settings)
    assert "Connection refused" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_password_is_not_repeated(warehouse_settings):
    wrong = warehouse_settings.model_copy(update={"database_password": None})
    with pytest.raises(WarehouseUnavailable, match="loader"):
        connect(wrong)
    settings = settings_at(
        database_port=warehouse_settings.database_port,
        database_name=warehouse_settings.database_name,
        database_password="hunter2",
    )
    with pytest.raises(WarehouseUnavailable) as caught:
        connect(settings)
    assert "password authentication failed" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_too_old_is_refused(warehouse_settings, monkeypatch):
    monkeypatch.setattr("chorus.warehouse.connection.OLDEST_SERVER", 190_000)
    with pytest.raises(WarehouseOutdated, match="PostgreSQL 18 is too old"):
        connect(warehouse_settings)


def test_a_lost_connection_is_tried_as_often_as_configured_and_said(
    warehouse_settings, server, caplog
):
    tries = []

    def lose_it():
        with connect(warehouse_settings) as connection:
            tries.append(connection.info.backend_pid)
            with psycopg.connect(server.dsn(), autocommit=True) as admin:
                admin.execute("select pg_terminate_backend(%s, 5000)", [tries[-1]])
            connection.execute("select 1")

    with pytest.raises(psycopg.OperationalError):
        retrying(warehouse_settings)(lose_it)
    assert len(set(tries)) == warehouse_settings.db_retry_attempts
    said = [record.message for record in caplog.records if "as it raised" in record.message]
    assert len(said) == warehouse_settings.db_retry_attempts - 1
    assert "terminating connection due to administrator command" in said[0]


def test_what_will_not_pass_is_not_tried_again(warehouse_settings):
    tries = []

    def misspell():
        tries.append(1)
        with connect(warehouse_settings) as connection:
            connection.execute("selct 1")

    with pytest.raises(psycopg.errors.SyntaxError):
        retrying(warehouse_settings)(misspell)
    assert len(tries) == 1


def test_sslmode_holds_for_every_role(warehouse_settings):
    strict = warehouse_settings.model_copy(update={"database_sslmode": "require"})
    for role in ("loader", "owner", "reader", "monitor"):
        with pytest.raises(WarehouseUnavailable, match="SSL"):
            connect(strict, role)
