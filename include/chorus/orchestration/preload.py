"""What tasks would each import again, imported once by the scheduler, whose forks the tasks of LocalExecutor are.

None of it is ours: a task runs the code as it is when the task starts. None of it is torch either: CUDA does not
survive a fork.
"""

import sys
from importlib import import_module
from typing import Any

from airflow.listeners import hookimpl

LIBRARIES = (
    "airflow.providers.discord.hooks.discord_webhook",
    "pandera.pandas",
    "psycopg.types.json",
    "pydantic_settings",
    "requests",
    "selectolax.lexbor",
    "tenacity",
)


@hookimpl
def on_starting(component: Any) -> None:  # noqa: ARG001 - the hook's signature
    """Airflow calls this before a component has said what it is, and before the executor forks its workers."""
    if sys.argv[1:2] == ["scheduler"] and "LocalExecutor" in _executor():
        for library in LIBRARIES:
            import_module(library)


def _executor() -> str:
    from airflow.sdk.configuration import conf

    return str(conf.get("core", "executor"))
