#!/usr/bin/env python3
"""`python tools/with_warehouse.py owner pg_dump -Fc`: a program of PostgreSQL's, signed in to the warehouse.

The role's address goes through the environment: among the arguments every list of processes would show its password.
The programs are those of the embedded server, whose version is the one that its dumps need.
"""

import os
import sys
from typing import cast

from psycopg import pq

from chorus.config import load_settings
from chorus.domain.errors import ChorusError
from chorus.stack.binaries import postgres_programs
from chorus.warehouse.connection import Role


def environment(role: Role) -> dict[str, str]:
    """What libpq reads: every option of the address under its own variable, a certificate's path included."""
    settings = load_settings()
    options = pq.Conninfo.parse(settings.dsn(role).encode())
    return {
        "PATH": os.pathsep.join([str(postgres_programs()), os.environ["PATH"]]),
        "PGTZ": "UTC",
        **{o.envvar.decode(): o.val.decode() for o in options if o.envvar and o.val},
        "PGDATABASE": settings.database_name,
        "PGSSLMODE": settings.database_sslmode,
    }


if __name__ == "__main__":
    try:
        os.environ |= environment(cast("Role", sys.argv[1]))
    except ChorusError as error:
        sys.exit(str(error))
    # Instead of this process: psql has the terminal, and Ctrl-C, to itself.
    os.execvp(sys.argv[2], sys.argv[2:])
