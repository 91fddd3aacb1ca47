"""Parses one DAG file as Airflow does, in a fresh process, and says what it cost and dragged in."""

import json
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import airflow.sdk

HEAVY = (
    "pandas",
    "torch",
    "transformers",
    "psycopg",
    "psycopg2",
    "airflow.providers.postgres.hooks",
    "airflow.providers.discord.hooks",
)

# Airflow's names are imported on first use; a file pays for its own code, not for these.
for name in ("dag", "task", "Asset", "Param", "BaseOperator", "DeadlineAlert", "RetryPolicy"):
    getattr(airflow.sdk, name)
from airflow.sdk import AssetOrTimeSchedule, CronDataIntervalTimetable  # noqa: E402, F401

file = Path(sys.argv[1])
began = time.process_time()
spec = spec_from_file_location(file.stem, file)
spec.loader.exec_module(module_from_spec(spec))
cost = time.process_time() - began
heavy = [name for name in HEAVY if name in sys.modules]
sys.stdout.write(json.dumps({"seconds": cost, "heavy": heavy}))
