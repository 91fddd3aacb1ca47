"""What every process of the stack inherits, and what it must not."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from chorus.stack.ports import LOOPBACK
from chorus.stack.processes import MARKER

# Without bytecode Airflow starts in twice the time; the others would lead it to somebody else's modules and configuration.
NOT_INHERITED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "AIRFLOW_HOME", "AIRFLOW_CONFIG")


def base_environment(run_folder: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """The person's environment, made fit for processes that speak to each other on loopback."""
    kept = {name: value for name, value in inherited.items() if name not in NOT_INHERITED}
    unproxied = ",".join(filter(None, [kept.get("NO_PROXY", ""), LOOPBACK, "localhost"]))
    return {
        **kept,
        MARKER: str(run_folder.resolve()),
        "PATH": os.pathsep.join(
            [str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]
        ),
        "PYTHONUNBUFFERED": "1",
        # Processes that rename themselves leave their environment readable: we find ours by it.
        "SPT_NOENV": "1",
        "NO_PROXY": unproxied,
        "no_proxy": unproxied,
        "SCARF_NO_ANALYTICS": "true",
        "DO_NOT_TRACK": "1",
    }
