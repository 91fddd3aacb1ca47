"""What Airflow tells about trouble, put into words.

A warehouse that is down is one trouble, whatever fails or is late for want of it: people hear of it once.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Context

from chorus.domain.errors import ChorusError, WarehouseUnavailable
from chorus.domain.rules import DEADLINE, FAILURE, WAREHOUSE
from chorus.notify.alarm import Alarm
from chorus.orchestration.links import dag_url, run_url, task_url, watch_url
from chorus.orchestration.warehouse import task_settings
from chorus.pipelines.lateness import facts_of_late_run

LONGEST_ERROR = 2000
ENDED = {"success", "skipped", "failed", "upstream_failed", "removed"}


def late_run(context: dict[str, Any]) -> Alarm:
    """The context of a deadline: the run as the REST API shows it, and the deadline."""
    run, due = context["dag_run"], context["deadline"]["deadline_time"]
    dag_id, run_id = run["dag_id"], run["dag_run_id"]
    alarm = Alarm(
        kind=DEADLINE.name,
        about=dag_id,
        headline=f"{dag_id} is late.",
        facts=(
            ("Run", run_id),
            ("Queued", _moment(run["queued_at"])),
            ("Started", _moment(run["start_date"])),
            ("Was due", _moment(due)),
            ("State", str(run["state"])),
            ("Tasks not done", _unfinished(dag_id, run_id)),
        ),
        advice=DEADLINE.advice,
        url=run_url(dag_id, run_id),
        run_id=f"{dag_id}/{run_id}",
        links=(
            ("The runs before it", dag_url(dag_id)),
            ("What ops_watch found", watch_url()),
        ),
    )
    try:
        known = facts_of_late_run(task_settings(), dag_id, alarm.run_id)
    except WarehouseUnavailable as error:
        return _for_want_of_the_warehouse(alarm, ("The warehouse", str(error)))
    return replace(alarm, facts=(*alarm.facts, *known))


def failed_task(context: Context) -> Alarm:
    """The context of a task whose last try failed."""
    task, run = context["ti"], context["dag_run"]
    error = context.get("exception")
    name = task.task_id if (task.map_index or 0) < 0 else f"{task.task_id} [{task.map_index}]"
    alarm = Alarm(
        kind=FAILURE.name,
        about=run.dag_id,
        headline=f"{run.dag_id} failed in {name}.",
        facts=(
            ("Run", run.run_id),
            ("Task", name),
            ("Try", str(task.try_number)),
            ("Error", type(error).__name__ if error else "unknown"),
            ("It says", str(error)[:LONGEST_ERROR] if error else "nothing"),
        ),
        advice=(
            FAILURE.advice
            if isinstance(error, ChorusError)
            else "This is no error we know: its log has the traceback."
        ),
        url=task_url(
            run.dag_id,
            run.run_id,
            task.task_id,
            -1 if task.map_index is None else task.map_index,
        ),
        run_id=f"{run.dag_id}/{run.run_id}",
    )
    return (
        _for_want_of_the_warehouse(alarm) if isinstance(error, WarehouseUnavailable) else alarm
    )


def _for_want_of_the_warehouse(alarm: Alarm, *facts: tuple[str, str]) -> Alarm:
    return replace(
        alarm,
        kind=WAREHOUSE.name,
        about=WAREHOUSE.name,
        facts=(*alarm.facts, *facts),
        advice=f"{WAREHOUSE.means} {WAREHOUSE.advice}",
    )


def _unfinished(dag_id: str, run_id: str) -> str:
    from airflow.sdk.exceptions import AirflowRuntimeError
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    try:
        states = RuntimeTaskInstance.get_task_states(dag_id, run_ids=[run_id]).get(run_id, {})
    except AirflowRuntimeError as error:
        return f"cannot be told: {error}"
    waiting = {task: state or "not queued yet" for task, state in states.items()}
    return "\n".join(
        f"{task}: {state}" for task, state in waiting.items() if state not in ENDED
    )


def _moment(moment: str | datetime | None) -> str:
    if moment is None:
        return "not yet"
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{moment.astimezone(UTC):%d %b %Y, %H:%M:%S} UTC"
