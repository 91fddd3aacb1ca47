"""Whose words they are: every line a task logs carries its run, its source and its window.

Airflow writes a JSON object a line, and structlog merges what is bound here into each of them.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

if TYPE_CHECKING:
    from chorus.domain.window import Window


def bind_run() -> None:
    """For the rest of this task's process; outside of a task it does nothing."""
    from structlog.contextvars import bind_contextvars, unbind_contextvars

    from chorus.config import load_settings
    from chorus.domain.errors import ConfigurationError
    from chorus.orchestration.runs import this_window
    from chorus.orchestration.sources import AGAIN, BRONZE

    try:
        run = get_current_context()["dag_run"]
    except RuntimeError:
        return
    unbind_contextvars("source", "window")
    bind_contextvars(run=f"{run.dag_id}/{run.run_id}")
    if not run.dag_id.startswith(BRONZE):
        return
    bind_contextvars(source=run.dag_id.removeprefix(BRONZE).removesuffix(AGAIN))
    if run.dag_id.endswith(AGAIN):
        return  # it looks at what is due, whenever that was said
    # A window that cannot be is said by the task that needs it.
    with suppress(ConfigurationError):
        bind_window(this_window(load_settings()))


def bind_window(window: "Window") -> None:
    """Where a task reads another one than its run's."""
    from structlog.contextvars import bind_contextvars

    bind_contextvars(window=str(window))
