"""The first runs and every run that they wake, followed by the events of assets, until nothing of it is left to do."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from chorus.domain.errors import StackError
from chorus.stack.airflow_api import AirflowApi, ApiSilent

WOKEN_WITHIN = 90.0
# Airflow makes one run of events that come together. One that comes while that run is still to be made is told of by
# none: the run has yet to start and sees all that the event tells of, but belongs to the events before.
OWN_RUN_WITHIN = 10.0
SILENT_FOR = 600.0  # a run may be queued for long behind another of its DAG
OVER = {"success", "failed"}
FINE = {"success", "skipped"}
LEFT_OUT = "upstream_failed"
DONE = FINE | {"failed", LEFT_OUT, "removed"}


@dataclass(frozen=True)
class Run:
    dag: str
    run_id: str

    @property
    def path(self) -> str:
        return f"/dags/{self.dag}/dagRuns/{quote(self.run_id, safe='')}"


@dataclass(frozen=True)
class Task:
    """One task instance; a mapped task has one for each index."""

    name: str
    map_index: int
    state: str
    attempt: int
    label: str


@dataclass
class Awaited:
    """A DAG that was told of something, and has no run of it yet."""

    said_at: str
    since: float = field(default_factory=time.monotonic)


@dataclass
class Progress:
    """How far one run has come."""

    run: Run
    state: str = "queued"
    tasks: list[Task] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def done(self) -> int:
        return sum(task.state in DONE for task in self.tasks)

    @property
    def failed(self) -> list[Task]:
        return [task for task in self.tasks if task.state in DONE - FINE]


class Wave:
    """Look at it again and again; it grows while its runs wake others."""

    def __init__(self, api: AirflowApi, *first: Run) -> None:
        self._api = api
        self.runs = {run: Progress(run) for run in first}
        self._awaited: dict[tuple[Run, str], Awaited] = {}
        self._seen_to_by_others: set[tuple[Run, str]] = set()
        self._closed: set[Run] = set()
        self._listeners: dict[int, set[str]] = {}
        self._answered_at = time.monotonic()

    @property
    def is_over(self) -> bool:
        return not self._awaited and self._closed == set(self.runs)

    @property
    def failures(self) -> list[tuple[Run, Task]]:
        return [(run, task) for run, seen in self.runs.items() for task in seen.failed]

    @property
    def went_well(self) -> bool:
        return not self.failures and all(seen.state == "success" for seen in self.runs.values())

    def look(self) -> None:
        try:
            for run in [run for run in self.runs if run not in self._closed]:
                self._look_at(run)
            self._see_to_awaited()
        except ApiSilent:
            if time.monotonic() - self._answered_at > SILENT_FOR:
                raise
            return
        self._answered_at = time.monotonic()

    def _look_at(self, run: Run) -> None:
        # The state first: whatever a finished run did is then seen by the questions after it.
        state = self._api.get(run.path)["state"]
        tasks = self._api.everything(f"{run.path}/taskInstances", "task_instances")
        # As they went, so that what is said of them reads so; what has not started comes last.
        tasks.sort(key=lambda task: task["start_date"] or "~")
        self.runs[run] = Progress(run, state, [_task(row) for row in tasks])
        if state == "running" and not any(
            task.state == "success" for task in self.runs[run].tasks
        ):
            return
        events = self._api.everything(
            "/assets/events", "asset_events", source_dag_id=run.dag, source_run_id=run.run_id
        )
        for event in events:
            self._follow(run, event)
        if state in OVER and not any(source == run for source, _ in self._awaited):
            self._closed.add(run)

    def _follow(self, run: Run, event: dict[str, Any]) -> None:
        """Every DAG that listens to the asset joins the wave, or is awaited for a while."""
        woken = {made["dag_id"]: made["run_id"] for made in event["created_dagruns"]}
        for dag in self._listening_to(event["asset_id"]) | set(woken):
            if dag in woken:
                self._awaited.pop((run, dag), None)
                next_run = Run(dag, woken[dag])
                self.runs.setdefault(next_run, Progress(next_run))
            elif (run, dag) not in self._seen_to_by_others:
                self._awaited.setdefault((run, dag), Awaited(event["timestamp"]))

    def _listening_to(self, asset: int) -> set[str]:
        """Asked once: whatever is asked of the API takes time from the tasks, which talk to it too."""
        if asset not in self._listeners:
            listeners = self._api.get(f"/assets/{asset}")["scheduled_dags"]
            self._listeners[asset] = {listener["dag_id"] for listener in listeners}
        return self._listeners[asset]

    def _see_to_awaited(self) -> None:
        """A DAG that still has a run to end is woken after that."""
        busy = {run.dag for run, seen in self.runs.items() if not seen.is_over}
        for (run, dag), awaited in list(self._awaited.items()):
            if dag in busy:
                awaited.since = time.monotonic()
                continue
            waited = time.monotonic() - awaited.since
            if waited > OWN_RUN_WITHIN and (another := self._started_since(dag, awaited)):
                self.runs.setdefault(another, Progress(another))
                self._seen_to_by_others.add((run, dag))
                del self._awaited[run, dag]
            elif waited > WOKEN_WITHIN:
                raise StackError(
                    f"{dag} was not woken by {run.dag} within {WOKEN_WITHIN:.0f} s; see .run/logs/scheduler.log."
                )

    def _started_since(self, dag: str, awaited: Awaited) -> Run | None:
        found = self._api.get(
            f"/dags/{dag}/dagRuns",
            start_date_gte=awaited.said_at,
            order_by="start_date",
            limit=1,
        )["dag_runs"]
        return Run(dag, found[0]["dag_run_id"]) if found else None


def follow(
    wave: Wave, every: float, pause: Callable[[float], None], show: Callable[[Wave], None]
) -> None:
    """Until the wave is over."""
    while not wave.is_over:
        wave.look()
        show(wave)
        if not wave.is_over:
            pause(every)


def _task(row: dict[str, Any]) -> Task:
    return Task(
        name=row["task_id"],
        map_index=row["map_index"],
        state=row["state"] or "waiting",
        attempt=row["try_number"],
        label=row.get("rendered_map_index") or "",
    )
