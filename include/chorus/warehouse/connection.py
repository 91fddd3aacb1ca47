"""One way to PostgreSQL, and one policy for what may pass: lost connections and colliding transactions."""

import logging
from typing import Literal

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from tenacity import (
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, WarehouseOutdated, WarehouseUnavailable

Role = Literal["loader", "owner", "reader", "monitor"]
Connection = psycopg.Connection[tuple[object, ...]]

log = logging.getLogger(__name__)

OLDEST_SERVER = 180_000
# What one more try on the same connection may mend, and what takes a new one.
COLLISIONS = (errors.SerializationFailure, errors.DeadlockDetected)
PASSING = (psycopg.OperationalError, WarehouseUnavailable, *COLLISIONS)
# What is wrong with one row that we took for storable, and not with those beside it.
FLAWS = (
    errors.DataError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
    errors.CheckViolation,
)


def connect(
    settings: Settings, role: Role = "loader", *, autocommit: bool = False
) -> Connection:
    """Open a connection; a server that does not answer or is too old is one sentence."""
    require_address(settings)
    try:
        connection = psycopg.connect(
            settings.dsn(role),
            autocommit=autocommit,
            application_name=f"chorus {role}",
            sslmode=settings.database_sslmode,
            connect_timeout=10,
            options="-c timezone=UTC",
        )
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0].removeprefix("connection failed: ").rstrip(".")
        raise WarehouseUnavailable(
            f"The warehouse does not let the {role} in ({reason}); check DATABASE_* and that PostgreSQL runs."
        ) from error
    if connection.info.server_version < OLDEST_SERVER:
        version = connection.info.server_version // 10_000
        connection.close()
        raise WarehouseOutdated(
            f"PostgreSQL {version} is too old: Chorus needs {OLDEST_SERVER // 10_000} or newer."
        )
    return connection


def another(connection: Connection, settings: Settings) -> Connection:
    """One more to the same place, as the same role."""
    # What is PostgreSQL's default is left out of the address of a connection, and PGSSLMODE would take its place.
    return psycopg.connect(
        connection.info.dsn,
        password=connection.info.password,
        sslmode=settings.database_sslmode,
    )


def require_address(settings: Settings) -> None:
    """That of DATABASE_URL may name options, which only PostgreSQL's own library knows."""
    try:
        conninfo_to_dict(settings.dsn())
    except psycopg.ProgrammingError as error:
        raise ConfigurationError(
            f"DATABASE_URL is wrong: {str(error).splitlines()[0]}; PostgreSQL's documentation lists the options of a connection."
        ) from None


def retrying(settings: Settings, on: tuple[type[Exception], ...] = PASSING) -> Retrying:
    """Call it with a function that may safely be run again; a lost connection needs one that opens its own."""
    return Retrying(
        retry=retry_if_exception_type(on),
        stop=stop_after_attempt(settings.db_retry_attempts),
        wait=wait_exponential_jitter(
            initial=settings.db_retry_min_wait, max=settings.db_retry_max_wait
        ),
        before_sleep=before_sleep_log(log, logging.WARNING),
        reraise=True,
    )


def lost(error: psycopg.OperationalError) -> WarehouseUnavailable:
    """What an open connection that broke, or a server without room, is to those who could not go on."""
    reason = str(error).splitlines()[0].rstrip(".")
    return WarehouseUnavailable(
        f"The warehouse gave up on us ({reason}); see what PostgreSQL says (`make logs-postgres`)."
    )
