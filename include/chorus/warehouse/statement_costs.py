"""What PostgreSQL itself counted: which statements cost most."""

from typing import Any

from psycopg.errors import ObjectNotInPrerequisiteState, UndefinedTable
from psycopg.rows import dict_row

from chorus.domain.errors import ConfigurationError
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Row = dict[str, Any]


def slowest_statements(connection: Connection, most: int) -> list[Row]:
    """The most expensive first; where the server does not count them, a sentence says what would make it."""
    try:
        with connection.cursor(row_factory=dict_row) as cursor:
            statement = render("ops/statements/slowest.sql")
            rows = cursor.execute(statement, {"most": most}).fetchall()
    except (UndefinedTable, ObjectNotInPrerequisiteState) as error:
        raise ConfigurationError(
            "This PostgreSQL does not count its statements: it needs shared_preload_libraries = 'pg_stat_statements' and, "
            "in the warehouse, `create extension pg_stat_statements`. docker-compose.yaml has both; the embedded server "
            "is built without that extension."
        ) from error
    return [row | {"query": " ".join(row["query"].split())} for row in rows]
