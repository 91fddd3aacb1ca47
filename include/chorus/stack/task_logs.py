"""The last words of a task, out of the files in which Airflow keeps them."""

import json
import re
from pathlib import Path
from typing import Any

from chorus.stack.rotating_log import last_lines
from chorus.stack.wave import Run, Task

FOLDING = re.compile(r"::(end)?group::")  # tells the UI what to fold


def last_words(logs: Path, run: Run, task: Task, count: int = 12) -> list[str]:
    """What the last attempt said at its end; empty where it never started."""
    folder = logs / f"dag_id={run.dag}" / f"run_id={run.run_id}" / f"task_id={task.name}"
    if task.map_index >= 0:
        folder /= f"map_index={task.map_index}"
    said = map(_readable, last_lines(folder / f"attempt={task.attempt}.log", 2 * count))
    return [line for line in said if not FOLDING.search(line)][-count:]


def _readable(line: str) -> str:
    """Airflow writes a JSON object a line; people read time, level and event."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict):
        return line
    clock = str(entry.get("timestamp", ""))[11:19]
    causes = [_cause(error) for error in entry.get("error_detail") or []]
    return " ".join([clock, str(entry.get("level", "")), str(entry.get("event", "")), *causes])


def _cause(error: dict[str, Any]) -> str:
    return f"{error.get('exc_type')}: {error.get('exc_value')}"
