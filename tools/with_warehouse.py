#!/usr/bin/env python3
"""`python tools/with_warehouse.py owner pg_dump -Fc`: a program of PostgreSQL's, signed in to the warehouse.

The role's address goes through the environment: among the arguments every list of processes would show its password.
The programs are those of the embedded server, whose version is the one that its dumps need.
"""

import os
import sys
from typing import cast, get_args

from psycopg import pq

from chorus.config import load_settings
from chorus.domain.errors import ChorusError, ConfigurationError
from chorus.stack.binaries import postgres_programs
from chorus.warehouse.connection import Role, connect


def environment(name: str) -> dict[str, str]:
    """What libpq reads: every option of the address under its own variable, a certificate's path included."""
    if name not in get_args(Role):
        raise ConfigurationError(f"ROLE={name} is none of {', '.join(get_args(Role))}.")
    role = cast("Role", name)
    settings = load_settings()
    # What keeps us out is said in a sentence of ours, not in each program's words.
    connect(settings, role).close()
    options = pq.Conninfo.parse(settings.dsn(role).encode())
    return {
        "PATH": os.pathsep.join([str(postgres_programs()), os.environ["PATH"]]),
        "PGTZ": "UTC",
        **{o.envvar.decode(): o.val.decode() for o in options if o.envvar and o.val},
        "PGDATABASE": settings.database_name,
        "PGSSLMODE": settings.database_sslmode,
        # No libpq asks for these; ops/restore.sh does.
        "BRONZE_DATABASE_SCHEMA_NAME": settings.bronze_database_schema_name,
        "SILVER_DATABASE_SCHEMA_NAME": settings.silver_database_schema_name,
        "GOLD_DATABASE_SCHEMA_NAME": settings.gold_database_schema_name,
    }


if __name__ == "__main__":
    try:
        os.environ |= environment(sys.argv[1])
    except ChorusError as error:
        sys.exit(str(error))
    # Instead of this process: psql has the terminal, and Ctrl-C, to itself.
    os.execvp(sys.argv[2], sys.argv[2:])
