"""A warehouse whose views can be refreshed, and one with a quarter of made-up life in it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from benchmarks._synthetic import live
from chorus.config import Settings
from chorus.stack.postgres import Cluster
from chorus.warehouse.gold import apply_rollups


@pytest.fixture
def warehouse_settings(server: Cluster, warehouse_settings: Settings) -> Iterator[Settings]:
    """The owner may make temporary tables, as in a database of its own: a refresh beside readers needs one."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        grant = sql.SQL("grant temporary on database {} to chorus_owner")
        admin.execute(grant.format(sql.Identifier(warehouse_settings.database_name)))
    return warehouse_settings


@pytest.fixture
def lived(warehouse, warehouse_settings):
    """A quarter of life: two loads, the second one into what the first one left."""
    with warehouse.transaction():
        live(warehouse, warehouse_settings, posts=4000, accounts=1500, hashtags=1500)
        apply_rollups(warehouse)
    with warehouse.transaction():
        live(
            warehouse, warehouse_settings, posts=1000, accounts=1500, hashtags=1500, first=4000
        )
        apply_rollups(warehouse)
    return warehouse
