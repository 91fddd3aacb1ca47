"""The last task of a run: whatever became of the others it is closed, and only what went well is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chorus.config import Settings
    from chorus.warehouse.connection import Connection


@contextmanager
def closing_run(
    step_name: str, *, got_through: bool
) -> Iterator[tuple["Connection", "Settings"]]:
    """Fails where the tasks before did not get through; their XComs are missing then."""
    from chorus.domain.errors import CheckFailed
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.runs import close_run, step

    run = this_run()
    with open_warehouse() as (connection, settings):
        try:
            if not got_through:
                raise CheckFailed(f"{run} did not get through: see the log of its red task.")
            with step(connection, run, step_name):
                yield connection, settings
        finally:
            close_run(connection, run)
