"""A wave of many demo posts through Airflow, each task's time, and what Airflow adds to it.

What Airflow adds is the wave minus the same functions called in one process on a fresh warehouse. Beside it, in the
same run of the same stack, a chain of the same shape whose tasks do nothing. Each in turn, an hour a round: medians.
"""

import json
import os
import statistics
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import yaml
from rich.console import Console

from benchmarks._measure import FULL, table, verdict, wall_seconds
from benchmarks._noop_dags import NOOP
from chorus import paths
from chorus.config import Settings, read_settings
from chorus.demo.network import RunningNetwork, demo_network
from chorus.domain.window import Window
from chorus.orchestration.hooks.discord import DiscordHook
from chorus.pipelines.news import list_news
from chorus.pipelines.notify import Kind, say_news
from chorus.pipelines.wave import run_wave
from chorus.stack.airflow_api import patiently
from chorus.stack.bring_up import Stack, bring_up
from chorus.stack.first_run import first_runs, unpause
from chorus.stack.processes import adopt_orphans
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import run_lock
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice
from chorus.stack.wave import Run, Wave, follow
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.migrations import migrate

BAR = 1.5
ROUNDS = 3 if FULL else 2
POSTS_PER_HOUR = 104_000 if FULL else 28_000  # of which those hashtags have two in five
HASHTAGS = 5
VIEWS = 7
LOOK_EVERY = 0.3
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOURS = [
    Window(NOON + timedelta(hours=number), NOON + timedelta(hours=number + 1))
    for number in range(ROUNDS)
]


@contextmanager
def running_stack(
    folder: Path, network: RunningNetwork
) -> Iterator[tuple[Stack, RunFolder, Supervisor]]:
    """Our stack, listening to the network, with the empty chain beside our DAGs."""
    noop = folder / "noop"
    noop.mkdir()
    (noop / "noop.py").write_text(NOOP.format(targets=HASHTAGS, views=VIEWS))
    bundles = [
        {
            "name": name,
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(path)},
        }
        for name, path in (("ours", paths.ROOT / "dags"), ("noop", noop))
    ]
    targets = folder / "targets.yaml"
    hashtags = network.addresses.hashtags[:HASHTAGS]
    listening = [
        {"instance": "mastodon.demo", "base_url": network.mastodon_url, "hashtags": hashtags}
    ]
    targets.write_text(yaml.safe_dump({"mastodon": listening}))
    ours = {
        "TARGETS_FILE": str(targets),
        "SENTIMENT_BACKEND": "vader",
        "DEMO_NETWORK": "off",
        "NOTIFY_VIA_DISCORD": "true",
        "DISCORD_WEBHOOK_URL": network.discord_webhook_url,
    }
    os.environ.update(ours)
    os.environ["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"] = json.dumps(bundles)
    run = RunFolder(folder / "run")
    adopt_orphans()
    with (
        run_lock(run.lock) as lock,
        Supervisor(run.root, Voice(Console(quiet=True))) as supervisor,
    ):
        yield (
            bring_up(read_settings(_env_file=None), run, os.environ, supervisor, lock),
            run,
            supervisor,
        )


def seconds_of_wave(
    stack: Stack, supervisor: Supervisor, dag: str, conf: dict[str, Any]
) -> tuple[float, Wave]:
    """From the trigger to the end of the last run that it woke."""
    start = time.perf_counter()
    made = stack.api.post(f"/dags/{dag}/dagRuns", {"logical_date": None, "conf": conf})
    wave = Wave(stack.api, Run(dag, made["dag_run_id"]))
    follow(wave, LOOK_EVERY, supervisor.wait, lambda _: None)
    if not wave.went_well:
        raise SystemExit(f"{dag} did not go well: {wave.failures}")
    return time.perf_counter() - start, wave


def task_seconds(stack: Stack, wave: Wave) -> dict[str, float]:
    """Seconds of each task, its mapped instances added up."""
    spent: dict[str, float] = {}
    for run in wave.runs:
        for row in stack.api.everything(f"{run.path}/taskInstances", "task_instances"):
            name = f"{run.dag}.{row['task_id']}"
            spent[name] = spent.get(name, 0) + (row["duration"] or 0)
    return spent


def one_process(
    stack: Stack, run: RunFolder, warehouse: str, hour: Window
) -> tuple[float, int]:
    """Seconds of the same functions on the same window, into a warehouse of its own, and the posts in it."""
    fresh: Settings = stack.settings.model_copy(update={"database_name": warehouse})
    password = (run.secrets / "postgres_superuser").read_text().strip()
    admin = f"postgresql://postgres:{password}@127.0.0.1:{fresh.database_port}/postgres"
    bootstrap(admin, fresh)
    migrate(fresh)
    with connect(fresh) as connection:
        seconds = wall_seconds(lambda: _wave_and_news(connection, fresh, hour))
        found = connection.execute("select count(*) from dim_facts.dim_content").fetchone()
        return seconds, int(str(found[0])) if found else 0


def _wave_and_news(connection: Connection, settings: Settings, hour: Window) -> None:
    deque(run_wave(connection, settings, "mastodon", hour), maxlen=0)
    news = list_news(connection, settings)
    for kind in get_args(Kind):
        say_news(connection, settings, kind, news, send=DiscordHook().send, run_id="alone")


def main() -> None:
    with (
        TemporaryDirectory() as name,
        demo_network(limits=False, posts_per_hour=POSTS_PER_HOUR) as network,
        running_stack(Path(name), network) as (stack, run, supervisor),
    ):
        patiently()(
            unpause,
            stack.api,
            ["silver_star", "gold_views", "notify_discord", "bronze_mastodon"],
        )
        # What unpausing made due goes first, and wakes every part of the stack that sleeps.
        due = Wave(
            stack.api, *patiently()(first_runs, stack.api, "bronze_mastodon", supervisor)
        )
        follow(due, LOOK_EVERY, supervisor.wait, lambda _: None)
        seconds_of_wave(stack, supervisor, "noop_bronze", {})
        rounds = []
        for number, hour in enumerate(HOURS):
            # The network makes up an hour's life when it is first asked for it, which is nobody's cost here.
            one_process(stack, run, f"rehearsal_{number}", hour)
            conf = {"since": hour.since.isoformat(), "until": hour.until.isoformat()}
            ours, wave = seconds_of_wave(stack, supervisor, "bronze_mastodon", conf)
            noop, _ = seconds_of_wave(stack, supervisor, "noop_bronze", {})
            alone, posts = one_process(stack, run, f"in_one_process_{number}", hour)
            rounds.append((ours, noop, alone, posts))
        spent = task_seconds(stack, wave)
    ours, noop, alone, posts = map(statistics.median, zip(*rounds, strict=True))
    rows = [(f"{task}, last round", f"{seconds:.1f} s") for task, seconds in spent.items()]
    rows += [
        ("the whole wave", f"{ours:.1f} s"),
        ("the same in one process", f"{alone:.1f} s"),
        ("so Airflow adds", f"{ours - alone:.1f} s"),
        ("an empty chain of the same shape", f"{noop:.1f} s"),
    ]
    table(f"A wave of {posts:,.0f} posts, median of {ROUNDS}", rows)
    verdict(
        "end_to_end",
        ratio=(ours - alone) / noop,
        bar=BAR,
        at_least=False,
        posts=round(posts),
        wave_s=round(ours, 1),
        one_process_s=round(alone, 1),
        empty_chain_s=round(noop, 1),
    )


if __name__ == "__main__":
    main()
