"""docs/add-a-source.md, followed: a file more in dags/ is a DAG with its tasks, its pool and whoever listens to it."""

import json
import re
import shutil
import subprocess
import sys

from chorus import paths

PAGE = paths.ROOT / "docs" / "add-a-source.md"
LOOK = """
import json, sys
from pathlib import Path
from chorus import paths
paths.ROOT = Path(sys.argv[1])
from airflow.dag_processing.dagbag import DagBag
from chorus.orchestration import pools
bag = DagBag(paths.ROOT / "dags")
dag = bag.dags["bronze_hackernews"]
told = {
    "errors": bag.import_errors,
    "tasks": sorted(dag.task_ids),
    "announces": [asset.name for asset in dag.task_dict["load"].outlets],
    "pool": dag.task_dict["extract"].pool,
    "pools": [resource.pool for resource in pools.every_pool()],
    "wakes": [asset.name for asset in bag.dags["silver_star"].timetable.asset_condition.objects],
    "replays": [asset.name for asset in bag.dags["ops_replay"].task_dict["load"].outlets],
}
print(json.dumps(told))
"""


def test_the_dag_of_the_page_needs_no_other_file(tmp_path):
    [_, dag, *_] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    shutil.copytree(paths.ROOT / "dags", tmp_path / "dags")
    (tmp_path / "dags" / "bronze_hackernews.py").write_text(dag)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])

    asset = "bronze.post_observations/hackernews"
    assert told["errors"] == {}
    assert told["tasks"] == ["extract", "list_targets", "load", "score", "transform"]
    assert told["announces"] == [asset]
    assert told["pool"] == "hackernews"
    assert "hackernews" in told["pools"]
    assert asset in told["wakes"]
    assert asset in told["replays"]
