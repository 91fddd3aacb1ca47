"""What the scheduler imports for the tasks that it forks."""

import subprocess
import sys

import pytest

STARTS = """
import sys
sys.argv = ["airflow", {component!r}]
from chorus.orchestration import preload
preload.on_starting(component=None)
print(*sorted(sys.modules))
"""


def modules_of(component, monkeypatch, executor="LocalExecutor"):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", executor)
    script = STARTS.format(component=component)
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.splitlines()[-1].split())


def test_the_scheduler_has_the_libraries_of_its_tasks_before_it_forks_and_none_of_our_code(
    monkeypatch,
):
    modules = modules_of("scheduler", monkeypatch)
    assert {"psycopg", "requests", "pandera.pandas", "pandas"} <= modules
    assert not {name for name in modules if name.startswith(("chorus.pipelines", "torch"))}


@pytest.mark.parametrize(
    ("component", "executor"),
    [("triggerer", "LocalExecutor"), ("scheduler", "CeleryExecutor")],
)
def test_whoever_forks_no_task_imports_nothing_for_it(monkeypatch, component, executor):
    assert "pandas" not in modules_of(component, monkeypatch, executor)
