"""The databases of the embedded server: the warehouse, and what Airflow keeps for itself."""

from importlib.metadata import version

import psycopg
from psycopg import sql

AIRFLOW = "airflow"
MIGRATED = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"


def ensure_airflow_database(admin_dsn: str, password: str) -> None:
    """A role and a database for Airflow, nobody else's; safe to run again."""
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        if not _finds(connection, "select from pg_roles where rolname = %s"):
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(AIRFLOW)))
        verifier = connection.pgconn.encrypt_password(
            password.encode(), AIRFLOW.encode(), b"scram-sha-256"
        ).decode()
        change = sql.SQL("alter role {} password {}")
        connection.execute(change.format(sql.Identifier(AIRFLOW), sql.Literal(verifier)))
        if not _finds(connection, "select from pg_database where datname = %s"):
            connection.execute(
                sql.SQL("create database {0} owner {0}").format(sql.Identifier(AIRFLOW))
            )
        connection.execute(
            sql.SQL("revoke all on database {} from public").format(sql.Identifier(AIRFLOW))
        )


def airflow_is_migrated(admin_dsn: str) -> bool:
    """Whether this Airflow has already migrated that database: then seconds of a start are saved."""
    with psycopg.connect(admin_dsn) as connection:
        return connection.execute(MIGRATED, [AIRFLOW]).fetchone() == (_this_airflow(),)


def note_that_airflow_is_migrated(admin_dsn: str) -> None:
    """The note lies in the database itself, so the two cannot disagree."""
    note = sql.SQL("comment on database {} is {}")
    with psycopg.connect(admin_dsn) as connection:
        connection.execute(note.format(sql.Identifier(AIRFLOW), sql.Literal(_this_airflow())))


def _this_airflow() -> str:
    return f"migrated by apache-airflow {version('apache-airflow')}"


def _finds(connection: psycopg.Connection, query: str) -> bool:
    return connection.execute(query, [AIRFLOW]).fetchone() is not None
