"""Many score tasks at once on a stack that runs, and what the model's host says of them."""

import os
import shutil
import time
from pathlib import Path

from chorus import paths
from chorus.domain.errors import StackError
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from tests.faults.waves import send, wait_until_quiet

DAG = "score_wide"


def score_wide(stack, shards):
    """Run them after the host that is there has gone; returns their states, loads of a model and texts it read."""
    # A single hour may be a quiet one, and each task is to have posts.
    send(stack.api, hours=12)
    wait_until_quiet(stack.api)
    host = host_of(stack.newcomer)
    host.stop()
    before = loads(host)
    ours = paths.ROOT / "benchmarks" / f"_{DAG}.py"
    shutil.copy(ours, stack.newcomer.clone / "dags" / f"{DAG}.py")
    wait_until(lambda: is_known(stack))
    stack.api.patch(f"/dags/{DAG}", {"is_paused": False})
    body = {"logical_date": None, "conf": {"shards": shards}}
    run = stack.api.post(f"/dags/{DAG}/dagRuns", body)["dag_run_id"]
    path = f"/dags/{DAG}/dagRuns/{run}"
    wait_until(lambda: stack.api.get(path)["state"] in {"success", "failed"})
    tasks = stack.api.everything(f"{path}/taskInstances", "task_instances")
    states = [one["state"] for one in tasks if one["task_id"] == "score"]
    return states, loads(host) - before, host.health()["texts"]


def host_of(newcomer):
    card = ModelCard.read(newcomer.clone / "include" / "models" / "vader.toml")
    where = Path("/tmp") / f"chorus-{os.getuid()}"
    return HostClient(ActiveModel(card, "cpu", "exact"), runtime=where)


def loads(host):
    return host.place.log.read_text().count(" LOADED ") if host.place.log.exists() else 0


def is_known(stack):
    try:
        return stack.api.get(f"/dags/{DAG}")
    except StackError:
        return None


def wait_until(true, within=180):
    patience = time.monotonic() + within
    while not true():
        assert time.monotonic() < patience, "it did not become so"
        time.sleep(0.5)
