"""An Airflow of the tests' own: its home is made before anything imports Airflow."""

import os
import tempfile
from pathlib import Path

import pytest

from chorus import paths

OURS = "chorus-tests-airflow-"

# The first folder of tests that is collected makes it for all of them.
if OURS not in os.environ.get("AIRFLOW_HOME", ""):
    os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix=OURS)
os.environ |= {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(paths.ROOT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(paths.ROOT / "plugins"),
}


@pytest.fixture(scope="session")
def dags() -> Path:
    return paths.ROOT / "dags"


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's own database, empty and migrated, on SQLite."""
    from airflow.utils import db

    db.initdb()
