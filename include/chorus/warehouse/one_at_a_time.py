"""What must not run beside itself: a lock of the session's, so that whoever is killed holds nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from chorus.warehouse.connection import Connection

ARCHIVE = "chorus retention"


@contextmanager
def one_at_a_time(connection: Connection, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Whether nobody else does it; as long as the block lasts, nobody begins. With `wait` it is always true."""
    how = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    [(got_it,)] = connection.execute(
        f"select {how}(hashtextextended(%s, 0))",
        [name],
    ).fetchall()
    connection.commit()
    try:
        yield wait or bool(got_it)
    finally:
        if (wait or got_it) and not connection.closed:
            connection.rollback()
            connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])
            connection.commit()
