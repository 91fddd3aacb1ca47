"""How soon a later task of a worker has its first batch read: from `execute()` to the host's own log.

On the whole stack, whose first wave has loaded the model: the task is a process of its own, and holds no model library.
"""

import shutil
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks._measure import FULL, table, verdict
from benchmarks.end_to_end import LOOK_EVERY, running_stack, seconds_of_wave
from chorus.demo.network import demo_network
from chorus.domain.errors import StackError
from chorus.sentiment.active import active_models
from chorus.sentiment.host.client import HostClient
from chorus.stack.airflow_api import patiently
from chorus.stack.bring_up import Stack
from chorus.stack.first_run import first_runs, unpause
from chorus.stack.supervisor import Supervisor
from chorus.stack.wave import Wave, follow

BAR = 0.5
DAG = "score_wide"
KNOWN_WITHIN = 120
HERE = Path(__file__).parent


def seconds_to_first_batch(stack: Stack, supervisor: Supervisor, log: Path) -> float:
    """Of one run of one task, after its posts are queued and before anything else of it."""
    _, wave = seconds_of_wave(stack, supervisor, DAG, {"shards": 1})
    (run,) = wave.runs
    told = stack.api.get(
        f"{run.path}/taskInstances/score/xcomEntries/begun", map_index=0, deserialize="true"
    )
    begun = float(told["value"])
    batches = (moment(line) for line in log.read_text().splitlines() if " BATCH " in line)
    return min(batch for batch in batches if batch >= begun) - begun


def moment(line: str) -> float:
    return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()


def wait_until_known(stack: Stack, supervisor: Supervisor) -> None:
    for _ in range(KNOWN_WITHIN):
        try:
            stack.api.get(f"/dags/{DAG}")
        except StackError:
            supervisor.wait(1)
        else:
            return
    raise SystemExit(f"{DAG} was not parsed within {KNOWN_WITHIN} s")


def main() -> None:
    with (
        TemporaryDirectory() as name,
        demo_network(limits=False, posts_per_hour=2000) as network,
        running_stack(Path(name), network) as (stack, _, supervisor),
    ):
        shutil.copy(HERE / f"_{DAG}.py", Path(name) / "noop" / f"{DAG}.py")
        patiently()(unpause, stack.api, ["bronze_mastodon"])
        due = patiently()(first_runs, stack.api, "bronze_mastodon", supervisor)
        follow(Wave(stack.api, *due), LOOK_EVERY, supervisor.wait, lambda _: None)
        wait_until_known(stack, supervisor)
        unpause(stack.api, [DAG])
        log = HostClient(active_models(stack.settings)[0]).place.log
        loads = log.read_text().count(" LOADED ")
        seconds = [
            seconds_to_first_batch(stack, supervisor, log) for _ in range(10 if FULL else 3)
        ]
        loaded_again = log.read_text().count(" LOADED ") - loads
    table(
        "A later task of the worker, from execute() to its first batch",
        [
            ("median", f"{median(seconds):.2f} s"),
            ("longest", f"{max(seconds):.2f} s"),
            ("loads of the model meanwhile", str(loaded_again)),
        ],
    )
    verdict(
        "sentiment_second_task",
        ratio=median(seconds),
        bar=BAR,
        at_least=False,
        held=loaded_again == 0,
        longest_s=round(max(seconds), 3),
    )


if __name__ == "__main__":
    main()
