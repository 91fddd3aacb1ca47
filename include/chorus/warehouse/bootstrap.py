"""What a server's administrator does once: the database, its four roles and their passwords.

Safe to run again; a password is sent as its SCRAM verifier, so that no server log ever holds it.
"""

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from chorus.config import Settings
from chorus.warehouse import timescale

ROLES = ("owner", "loader", "reader", "monitor")


def bootstrap(admin_dsn: str, settings: Settings) -> None:
    """Make what `migrate` needs; `admin_dsn` is a role that may create databases and roles."""
    owner = settings.database_owner_user
    # DATABASE_SSLMODE holds here, too, unless the address says otherwise.
    sslmode = conninfo_to_dict(admin_dsn).get("sslmode") or settings.database_sslmode
    admin_dsn = make_conninfo(admin_dsn, sslmode=sslmode)
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        for role in ROLES:
            _ensure_role(connection, f"chorus_{role}")
        for name in {owner, settings.database_user} - {f"chorus_{role}" for role in ROLES}:
            _ensure_role(connection, name)
            group = "chorus_owner" if name == owner else "chorus_loader"
            _run(connection, "grant {} to {}", group, name)
        for name, password in _passwords(settings).items():
            _set_password(connection, name, password)
        _ensure_database(connection, settings.database_name, owner)
        has_timescale = settings.timescaledb and timescale.is_there(connection)
    if has_timescale:
        name = settings.database_name
        with psycopg.connect(admin_dsn, dbname=name, autocommit=True) as connection:
            timescale.enable(connection)


def _passwords(settings: Settings) -> dict[str, SecretStr | None]:
    return {
        settings.database_owner_user: settings.database_owner_password,
        settings.database_user: settings.database_password,
        "chorus_reader": settings.database_reader_password,
        "chorus_monitor": settings.database_monitor_password,
    }


def _ensure_role(connection: psycopg.Connection, name: str) -> None:
    found = connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone()
    if not found:
        _run(connection, "create role {} login nosuperuser nocreatedb nocreaterole", name)


def _set_password(
    connection: psycopg.Connection, name: str, password: SecretStr | None
) -> None:
    if password is None:
        return
    verifier = connection.pgconn.encrypt_password(
        password.get_secret_value().encode(), name.encode(), b"scram-sha-256"
    ).decode()
    statement = sql.SQL("alter role {} password {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(verifier)))


def _ensure_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    found = connection.execute(
        "select 1 from pg_database where datname = %s", [name]
    ).fetchone()
    if not found:
        _run(connection, "create database {} owner {}", name, owner)
    _run(connection, "revoke all on database {} from public", name)
    for role in ROLES:
        _run(connection, "grant connect on database {} to {}", name, f"chorus_{role}")
    # The loader stages what it copies; the owner is who a concurrent refresh works as.
    _run(connection, "grant temporary on database {} to {}", name, "chorus_loader")
    _run(connection, "grant temporary on database {} to {}", name, "chorus_owner")


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
