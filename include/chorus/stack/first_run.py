"""From components that answer to first runs that go: the DAGs parsed, unpaused, and one of each source triggered."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from chorus.domain.errors import StackError
from chorus.stack.airflow_api import AirflowApi, ApiSilent
from chorus.stack.supervisor import Supervisor
from chorus.stack.wave import Run

UP_WITHIN = 300.0
PARSED_WITHIN = 180.0
DUE_WITHIN = 180.0
LOOK_EVERY = 0.5
AGAIN = "_remeasure"  # of DAGs that look at posts which were read before


def wait_until_up(api: AirflowApi, supervisor: Supervisor) -> None:
    patience = time.monotonic() + UP_WITHIN
    while not api.is_up():
        if time.monotonic() > patience:
            raise StackError(
                f"Airflow is not up after {UP_WITHIN:.0f} s; see api-server.log, scheduler.log and "
                "dag-processor.log in .run/logs."
            )
        supervisor.wait(LOOK_EVERY)


def wait_until_parsed(
    api: AirflowApi, dags: Path, first: str, since: datetime, supervisor: Supervisor
) -> list[str]:
    """The ids of all DAGs, once every file has become one; a file that does not import is said aloud.

    What an earlier start knew does not count: a setting may have given a DAG another shape meanwhile.
    """
    awaited = {file.stem for file in dags.glob("*.py")}
    patience = time.monotonic() + PARSED_WITHIN
    while True:
        known, broken = _parsed(api, since)
        missing = awaited - known - set(broken)
        if not missing or time.monotonic() > patience:
            break
        supervisor.wait(LOOK_EVERY)
    for stem, reason in broken.items():
        supervisor.voice.event("dag-processor", f"dags/{stem}.py does not import: {reason}")
    if first not in known:
        reason = broken.get(first, "it was not parsed in time; see .run/logs/dag-processor.log")
        raise StackError(f"The first run needs dags/{first}.py: {reason}.")
    return sorted(known)


def _parsed(api: AirflowApi, since: datetime) -> tuple[set[str], dict[str, str]]:
    try:
        dags = api.everything("/dags", "dags")
        errors = api.everything("/importErrors", "import_errors")
    except ApiSilent:
        return set(), {}
    known = {dag["dag_id"] for dag in dags if _is_after(since, dag["last_parsed_time"])}
    broken = {
        Path(error["filename"]).stem: error["stack_trace"].strip().splitlines()[-1]
        for error in errors
        if _is_after(since, error["timestamp"])
    }
    return known, {stem: reason for stem, reason in broken.items() if stem not in known}


def _is_after(since: datetime, moment: str | None) -> bool:
    return moment is not None and datetime.fromisoformat(moment) >= since


def unpause(api: AirflowApi, dags: list[str]) -> None:
    for dag in dags:
        api.patch(f"/dags/{dag}", {"is_paused": False})


def that_read(dags: Iterable[str]) -> list[str]:
    """Of these DAGs those that read a window of a source: what a wave begins with."""
    return [dag for dag in dags if dag.startswith("bronze_") and not dag.endswith(AGAIN)]


def first_runs(api: AirflowApi, dags: Iterable[str], supervisor: Supervisor) -> list[Run]:
    """What unpausing made due or an earlier start left undone; a manual run of our own where there is neither."""
    return [run for dag in dags for run in _first_runs_of(api, dag, supervisor)]


def _first_runs_of(api: AirflowApi, dag: str, supervisor: Supervisor) -> list[Run]:
    patience = time.monotonic() + DUE_WITHIN
    while True:
        going = api.everything(f"/dags/{dag}/dagRuns", "dag_runs", state=["queued", "running"])
        if going:
            return [Run(dag, run["dag_run_id"]) for run in going]
        if not _is_due(api, dag):
            return [trigger(api, dag)]
        if time.monotonic() > patience:
            raise StackError(
                f"{dag} is due and was not started within {DUE_WITHIN:.0f} s; see .run/logs/scheduler.log."
            )
        supervisor.wait(LOOK_EVERY)


def trigger(api: AirflowApi, dag: str) -> Run:
    """A manual run without a logical date: its window is what TIME_PERIOD_* says, up to now."""
    made = api.post(f"/dags/{dag}/dagRuns", {"logical_date": None, "conf": {}})
    return Run(dag, made["dag_run_id"])


def _is_due(api: AirflowApi, dag: str) -> bool:
    due = api.get(f"/dags/{dag}")["next_dagrun_run_after"]
    return due is not None and datetime.fromisoformat(due) <= datetime.now(UTC)
