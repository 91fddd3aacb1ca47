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
    """Fails where the tasks before did not get through (their XComs are missing then), and so does the run that is kept."""
    from chorus.domain.errors import CheckFailed
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.runs import close_run, step

    run = this_run()
    with open_warehouse() as (connection, settings):
        if not got_through:
            _close_as_failed(connection, settings, run)
            raise CheckFailed(f"{run} did not get through: see the log of its red task.")
        try:
            with step(connection, run, step_name):
                yield connection, settings
        except BaseException:
            _close_as_failed(connection, settings, run)
            raise
        close_run(connection, run)


def _close_as_failed(connection: "Connection", settings: "Settings", run: str) -> None:
    """Also where not even the first task got as far as to open it: whoever counts failures has heard of it then."""
    from chorus.pipelines.runs import close_run, is_run, open_run

    if connection.closed:
        return
    if not is_run(connection, run):
        open_run(connection, settings, run)
    close_run(connection, run, got_through=False)
