"""The warehouse as tasks see it: where the Airflow connection says, else where DATABASE_* says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from chorus.orchestration.credentials import with_credentials

if TYPE_CHECKING:
    from chorus.config import Settings
    from chorus.warehouse.connection import Connection

CONNECTION_ID = "chorus_warehouse"

P = ParamSpec("P")
R = TypeVar("R")


def with_db_retry(work: Callable[P, R]) -> Callable[P, R]:
    """For a task whose work may safely begin again, and whose log says whose it is: DB_RETRY_* says how often, with a connection of its own each time."""

    @wraps(work)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        import psycopg

        from chorus.config import load_settings
        from chorus.orchestration.logs import bind_run
        from chorus.warehouse.connection import lost, retrying

        bind_run()
        try:
            return retrying(load_settings())(work, *args, **kwargs)
        except psycopg.OperationalError as error:
            raise lost(error) from error

    return again


@contextmanager
def open_warehouse(source: str | None = None) -> Iterator[tuple["Connection", "Settings"]]:
    """A connection that commits when the block ends well, and the settings that lead to it, and to a source.

    Not `PostgresHook.get_conn()`: ours says in a sentence what is wrong, insists on
    DATABASE_SSLMODE and UTC, and refuses a server that is too old.
    """
    from chorus.warehouse.connection import connect

    settings = with_credentials(task_settings(), source)
    with connect(settings) as connection:
        yield connection, settings


def task_settings() -> "Settings":
    """The settings, with the warehouse of the Airflow connection where there is one."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    from chorus.config import load_settings

    settings = load_settings()
    try:
        connection = BaseHook.get_connection(CONNECTION_ID)
    except AirflowNotFoundException:
        return settings
    return settings.at(connection.get_uri())
