"""Who else is connected to a test's database."""

import time

OTHERS = (
    "select from pg_stat_activity where datname = current_database()"
    " and pid <> pg_backend_pid() and backend_type = 'client backend'"
)


def wait_until_alone(connection, within: float = 60) -> None:
    """The server notices by and by that a client was killed; until then that one's locks are held."""
    deadline = time.monotonic() + within
    while connection.execute(OTHERS).fetchone() is not None:
        connection.commit()
        assert time.monotonic() < deadline, "somebody is connected still"
        time.sleep(0.02)
    connection.commit()
