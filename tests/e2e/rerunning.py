"""What people do in a running Airflow when something is to be done again, through its REST API; and how it must end."""

from contextlib import contextmanager

from chorus.pipelines.rebuild import rebuild
from chorus.warehouse.connection import connect
from tests.faults.waves import run_path, wait_until_all_is_done
from tests.rebuild.standing import changed, forget, remember

# Moves with every step of every run, those that load silver and gold among them.
STEPS = "select count(*), max(finished_at) from bronze.pipeline_steps"


def equals_a_rebuild(stack, model=None):
    """What loads left is what a rebuild makes, of the default model; where one came in between, it is compared once more."""
    with connect(stack.settings, "owner", autocommit=True) as owner:
        while True:
            wait_until_all_is_done(stack)
            steps = owner.execute(STEPS).fetchone()
            remember(owner)
            rebuild(stack.settings, "test", model)
            found = changed(owner)
            forget(owner)
            if owner.execute(STEPS).fetchone() == steps:
                assert not found, found
                return


def clear(api, dag, **which):
    """Have these done again, with what comes after them; returns how many tasks that is."""
    body = {"dry_run": False, "only_failed": False, "include_downstream": True, **which}
    return api.post(f"/dags/{dag}/clearTaskInstances", body)["total_entries"]


def replay(stack, window, layers, **how):
    asked = {"from": window.since.isoformat(), "to": window.until.isoformat(), "layers": layers}
    conf = {"what": "window", **asked, **how}
    stack.api.post("/dags/ops_replay/dagRuns", {"logical_date": None, "conf": conf})
    wait_until_all_is_done(stack)


def last_run(api, dag):
    [run] = api.get(f"/dags/{dag}/dagRuns", order_by="-run_after", limit=1)["dag_runs"]
    return run["dag_run_id"]


def tries(api, dag, run):
    """How often each task of a run was begun."""
    tasks = api.everything(f"{run_path(run, dag)}/taskInstances", "task_instances")
    return {(task["task_id"], task["map_index"]): task["try_number"] for task in tasks}


@contextmanager
def paused(api, *dags):
    for dag in dags:
        api.patch(f"/dags/{dag}", {"is_paused": True})
    try:
        yield
    finally:
        for dag in dags:
            api.patch(f"/dags/{dag}", {"is_paused": False})
