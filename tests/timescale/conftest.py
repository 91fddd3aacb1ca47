"""A server with TimescaleDB: any that TIMESCALE_DSN names, as a superuser; its four roles get passwords of ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chorus.config import Settings
from chorus.warehouse import timescale
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.migrations import migrate
from tests.conftest import settings_for_tests


@pytest.fixture(scope="session")
def administrator() -> str:
    dsn = os.environ.get("TIMESCALE_DSN")
    if not dsn:
        pytest.skip(
            "TIMESCALE_DSN names no server with TimescaleDB, which no registry of ours has"
        )
    with psycopg.connect(dsn) as connection:
        assert timescale.is_there(connection), (
            "the server of TIMESCALE_DSN loads no TimescaleDB"
        )
    return dsn


@contextmanager
def chunked_warehouse(administrator: str) -> Iterator[Settings]:
    """Settings of a database of one's own; it is no copy of a template, which TimescaleDB's workers would be in."""
    place = conninfo_to_dict(administrator)
    name = f"test_{uuid4().hex[:12]}"
    settings = settings_for_tests(
        database_host=place.get("host", "localhost"),
        database_port=place.get("port", 5432),
        database_name=name,
        timescaledb=True,
        database_password="loader",
        database_owner_password="owner",
        database_reader_password="reader",
        database_monitor_password="monitor",
        db_retry_min_wait=0,
        db_retry_max_wait=0.1,
    )
    bootstrap(administrator, settings)
    migrate(settings)
    yield settings
    with psycopg.connect(make_conninfo(administrator), autocommit=True) as admin:
        drop = sql.SQL("drop database {} with (force)")
        admin.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def warehouse_settings(administrator: str) -> Iterator[Settings]:
    with chunked_warehouse(administrator) as settings:
        yield settings


@pytest.fixture
def other_warehouse_settings(administrator: str) -> Iterator[Settings]:
    with chunked_warehouse(administrator) as settings:
        yield settings
