"""TimescaleDB, for who asks for it by TIMESCALEDB; what it changes in the warehouse stands in migration 0011."""

import psycopg

# It works only in a server that loads it at its start.
IS_THERE = """
select exists (select from pg_available_extensions where name = 'timescaledb')
    and current_setting('shared_preload_libraries') like '%timescaledb%'
"""
# Told to the migrations, as long as their transaction lasts.
ASK = "select set_config('chorus.timescaledb', 'on', true)"


def is_there(administrator: psycopg.Connection) -> bool:
    """Whether the server has it."""
    row = administrator.execute(IS_THERE).fetchone()
    return row is not None and bool(row[0])


def enable(administrator: psycopg.Connection) -> None:
    """Make the extension in this database."""
    administrator.execute("create extension if not exists timescaledb schema public")
