"""What the tests of DAGs share."""

from pathlib import Path

import pytest

from chorus import paths


@pytest.fixture(scope="session")
def dags() -> Path:
    return paths.ROOT / "dags"


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's own database, empty and migrated, on SQLite."""
    from airflow.utils import db

    db.initdb()
