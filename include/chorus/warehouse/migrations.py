"""Brings the schema to what this code expects, and says where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from chorus import paths
from chorus.config import Settings
from chorus.warehouse import timescale
from chorus.warehouse.connection import connect

LOCK = "select pg_advisory_xact_lock(hashtext('chorus migrations'))"


def migrate(settings: Settings, revision: str = "head") -> None:
    """Upgrade to `revision`; two at once wait for each other, the second finds nothing to do."""
    with _as_owner(settings) as connection:
        command.upgrade(_config(settings, connection), revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Go back to `revision`, or to `base`; what the later revisions held is lost."""
    with _as_owner(settings) as connection:
        command.downgrade(_config(settings, connection), revision)


def revisions() -> list[str]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _config(settings: Settings | None = None, connection: Connection | None = None) -> Config:
    config = Config()
    # A percent sign in the path of a clone would begin a hole to be filled in.
    scripts = str(paths.SQL / "migrations").replace("%", "%%")
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    config.attributes["settings"] = settings
    config.attributes["connection"] = connection
    return config


@contextmanager
def _as_owner(settings: Settings) -> Iterator[Connection]:
    def open_connection() -> Any:
        return connect(settings, "owner")

    engine = create_engine("postgresql+psycopg://", creator=open_connection, poolclass=NullPool)
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - it was just opened
        driver.execute(LOCK)
        if settings.timescaledb:
            driver.execute(timescale.ASK)
        driver.execute(f"create schema if not exists {settings.schemas['ops']}")
        yield connection
