"""Airflow parses every DAG file all day, and every task parses its own: they must stay light."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chorus import paths

BUDGET = 0.2
FILES = sorted((paths.ROOT / "dags").glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_parses_fast_and_without_anything_heavy(file: Path):
    costs = []
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, str(Path(__file__).parent / "parse.py"), str(file)],
            capture_output=True,
            text=True,
            check=True,
        )
        report = json.loads(run.stdout.splitlines()[-1])
        assert report["heavy"] == []
        costs.append(report["seconds"])
        if costs[-1] < BUDGET:
            return
    pytest.fail(f"{file.name} takes {min(costs):.2f} s on top of airflow.sdk")
