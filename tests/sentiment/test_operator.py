"""The operator inside Airflow, as a worker runs it."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chorus.config import Settings
from chorus.warehouse.connection import Connection

SAY = """
insert into bronze.transformed_toots_with_sentiment_data (
    source, instance, id, uri, created_at, visibility, content_text, content_hash, content_length, word_count,
    tag_names, mention_accts, media_types, media_count, engagement_score, is_reply,
    ingestion_timestamp, pipeline_run_id, data_version
)
select
    'mastodon', 'a.example', n::text, 'https://a.example/' || n, now(), 'public', 'great day number ' || n, '', 0, 0,
    '{}', '{}', '{}', 0, 0, false, now(), 'test/1', 1
from generate_series(%s::int, %s) as n
"""


def run_the_dag(
    warehouse: Connection, warehouse_settings: Settings, runtime: Path, tmp_path: Path
) -> dict[str, Any]:
    """What its tasks reported, in a process of their own with an Airflow of its own."""
    warehouse.execute(SAY, (1, 100))
    warehouse.commit()
    report = tmp_path / "report.json"
    dags = tmp_path / "airflow" / "dags"
    dags.mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "score_twice.py", dags)
    done = subprocess.run(
        [sys.executable, str(dags / "score_twice.py"), str(report)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TMPDIR": str(runtime),
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "SENTIMENT_BACKEND": "vader",
            "DATABASE_HOST": warehouse_settings.database_host,
            "DATABASE_PORT": str(warehouse_settings.database_port),
            "DATABASE_NAME": warehouse_settings.database_name,
            "DATABASE_PASSWORD": "loader",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


@pytest.mark.slow
def test_mapped_tasks_share_the_queue_and_a_later_task_reads_at_once_without_any_model_library(
    warehouse: Connection, warehouse_settings: Settings, runtime: Path, tmp_path: Path
):
    ran = run_the_dag(warehouse, warehouse_settings, runtime, tmp_path)
    assert sum(result["scored"] for result in ran["first"]) == 100
    assert ran["second"]["scored"] == 100
    assert ran["second"]["models"][0]["device"] == "cpu"
    assert ran["libraries"] == []

    (log,) = runtime.glob("chorus-*/*/log")
    lines = log.read_text().splitlines()
    assert sum(" LOADED " in line for line in lines) == 1
    batches = [moment(line) for line in lines if " BATCH " in line]
    loaded, later = (
        min(batch for batch in batches if batch >= begun) - begun for begun in ran["begun"]
    )
    assert later < loaded / 2


def moment(line: str) -> float:
    return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()
