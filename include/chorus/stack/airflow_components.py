"""Airflow's processes as components of the stack, and its database made ready for them."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from chorus.domain.errors import StackError
from chorus.stack.child import Component
from chorus.stack.rotating_log import last_lines
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor

# Logs are read from their files: nobody needs the two log servers.
COMMANDS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}


def airflow(*words: str) -> tuple[str, ...]:
    """An Airflow command that does not depend on a script's first line, which a space in a path breaks."""
    return (sys.executable, "-m", "airflow", *words)


def airflow_component(name: str, run: RunFolder, environment: Mapping[str, str]) -> Component:
    return Component(name, airflow(*COMMANDS[name]), run.log(name), environment)


class AirflowMigration:
    """`airflow db migrate`, which takes a while and needs nobody's attention meanwhile."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as words:
            self._process = subprocess.Popen(
                airflow("db", "migrate"),
                cwd="/",
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )

    def wait(self, supervisor: Supervisor) -> None:
        while self._process.poll() is None:
            supervisor.wait(0.1)
        if self._process.returncode != 0:
            said = " ".join(last_lines(self._log, 1))
            raise StackError(f"Airflow's database was not migrated: {said}; see {self._log}.")
