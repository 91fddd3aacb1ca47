"""How the wave is shown while it goes: bars on a terminal, a line for each task that is done elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from chorus.stack.voice import Voice
from chorus.stack.wave import DONE, FINE, LEFT_OUT, OVER, Run, Task, Wave


@contextmanager
def shown(voice: Voice) -> Iterator["Lines | Display"]:
    if voice.in_json or not voice.console.is_terminal:
        yield Lines(voice)
        return
    bars = Bars(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[doing]}"),
        console=voice.console,
    )
    with bars:
        yield Display(bars)


class Lines:
    """What a log or a pipe gets."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._said: set[tuple[Run, str, str]] = set()

    def show(self, wave: Wave) -> None:
        for run, seen in wave.runs.items():
            for name, tasks in _by_name(seen.tasks).items():
                if all(task.state in DONE for task in tasks):
                    self._once(run, name, _outcome(tasks))
                for task in tasks:
                    if task.state == "up_for_retry":
                        self._once(
                            run, name, f"failed at try {task.attempt} and is tried again"
                        )
            if seen.state in OVER:
                self._once(run, "", "all done" if seen.state == "success" else "failed")

    def _once(self, run: Run, task: str, outcome: str) -> None:
        if (run, task, outcome) not in self._said:
            self._said.add((run, task, outcome))
            about = f"{run.dag}/{run.run_id}"
            self._voice.event(run.dag, f"{task} {outcome}".strip(), run=about)


class Display:
    """What a terminal gets."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._rows: dict[Run, TaskID] = {}

    def show(self, wave: Wave) -> None:
        for run, seen in wave.runs.items():
            if run not in self._rows:
                self._rows[run] = self._bars.add_task(run.dag, total=None, doing="")
            going = [name for name, tasks in _by_name(seen.tasks).items() if _goes(tasks)]
            doing = seen.state if seen.is_over else ", ".join(going)
            row = self._rows[run]
            self._bars.update(
                row, completed=seen.done, total=len(seen.tasks) or None, doing=doing
            )
            if seen.is_over:
                self._bars.stop_task(row)


def _by_name(tasks: list[Task]) -> dict[str, list[Task]]:
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.name.rpartition(".")[2], []).append(task)
    return groups


def _goes(tasks: list[Task]) -> bool:
    return any(task.state in {"running", "queued", "up_for_retry"} for task in tasks)


def _outcome(tasks: list[Task]) -> str:
    failed = sum(task.state not in FINE for task in tasks)
    if failed and all(task.state == LEFT_OUT for task in tasks):
        return "is left out: what it waits for failed"
    if failed:
        return f"failed ({failed} of {len(tasks)})" if len(tasks) > 1 else "failed"
    if all(task.state == "skipped" for task in tasks):
        return "skipped"
    return f"done ({len(tasks)} times)" if len(tasks) > 1 else "done"
