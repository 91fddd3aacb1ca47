"""Who writes what models said, and who removes it for good, take turns: what is removed is not written once more."""

from chorus.config import Settings
from chorus.warehouse.connection import Connection


def share(connection: Connection, settings: Settings) -> None:
    """Write beside others until this transaction ends; waits while somebody is being forgotten."""
    _lock(connection, settings, "pg_advisory_xact_lock_shared")


def hold(connection: Connection, settings: Settings) -> None:
    """Wait until what is being written is, and let nobody write until this transaction ends."""
    _lock(connection, settings, "pg_advisory_xact_lock")


def _lock(connection: Connection, settings: Settings, how: str) -> None:
    connection.execute(
        f"select {how}(hashtextextended(%s, 0))", [f"{settings.schemas['silver']} predictions"]
    )
