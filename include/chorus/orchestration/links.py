"""Addresses of the Airflow UI, for people who read a message elsewhere."""

from urllib.parse import quote


def dag_url(dag_id: str) -> str:
    return f"{_base()}/dags/{quote(dag_id)}"


def run_url(dag_id: str, run_id: str) -> str:
    return f"{dag_url(dag_id)}/runs/{quote(run_id, safe='')}"


def task_url(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    mapped = f"/mapped/{map_index}" if map_index >= 0 else ""
    return f"{run_url(dag_id, run_id)}/tasks/{quote(task_id)}{mapped}"


def pipeline_run_url(pipeline_run_id: str) -> str:
    """Where the run is that the warehouse names so."""
    dag_id, _, run_id = pipeline_run_id.partition("/")
    return run_url(dag_id, run_id)


def watch_url() -> str:
    """The page of what ops_watch found, where the plugin has Airflow show it."""
    return f"{_base()}/plugin/chorus"


def _base() -> str:
    from airflow.sdk.configuration import conf

    base = str(conf.get("api", "base_url", fallback="") or "http://localhost:8080")
    return base.rstrip("/")
