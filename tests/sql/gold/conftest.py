"""A warehouse whose views can be refreshed."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from chorus.config import Settings
from chorus.stack.postgres import Cluster


@pytest.fixture
def warehouse_settings(server: Cluster, warehouse_settings: Settings) -> Iterator[Settings]:
    """The owner may make temporary tables, as in a database of its own: a refresh beside readers needs one."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        grant = sql.SQL("grant temporary on database {} to chorus_owner")
        admin.execute(grant.format(sql.Identifier(warehouse_settings.database_name)))
    return warehouse_settings
