"""What one post costs on its way from the API to the views, step by step, in CPU microseconds of ours and of PostgreSQL.

The same functions that the DAGs call, in one process, on an hour of the demo network; the model is vader. Beside it the
demo network's own threads, which do not count.
"""

import os
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import yaml

from benchmarks._measure import FULL, table, verdict
from benchmarks._server_cpu import server_cpu
from chorus.config import read_settings
from chorus.demo.network import demo_network
from chorus.domain.window import Window
from chorus.pipelines.wave import run_wave
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import connect
from chorus.warehouse.migrations import migrate

POSTS_PER_HOUR = 40_000 if FULL else 8_000
BAR = 5_000.0  # a core then carries seventeen million posts a day
HOURS = [
    Window(
        datetime(2026, 11, 20, hour, tzinfo=UTC), datetime(2026, 11, 20, hour + 1, tzinfo=UTC)
    )
    for hour in (11, 12)
]


def main() -> None:
    with (
        TemporaryDirectory() as folder,
        demo_network(limits=False, posts_per_hour=POSTS_PER_HOUR) as network,
        running_postgres(Path(folder) / "postgres") as cluster,
    ):
        targets = Path(folder) / "targets.yaml"
        hashtags = network.addresses.hashtags
        listening = {
            "instance": "mastodon.demo",
            "base_url": network.mastodon_url,
            "hashtags": hashtags,
        }
        targets.write_text(yaml.safe_dump({"mastodon": [listening]}))
        settings = read_settings(
            _env_file=None,
            database_host=LOOPBACK,
            database_port=cluster.port,
            database_password="loader",
            database_owner_password="owner",
            sentiment_backend="vader",
            targets_file=targets,
        )
        bootstrap(cluster.dsn(), settings)
        migrate(settings)
        with connect(settings) as connection:
            # The first hour starts the model and warms what there is to warm.
            for hour in HOURS:
                before = _posts(connection)
                spent = defaultdict[str, list[float]](lambda: [0.0, 0.0])
                ours, servers = _our_cpu(), server_cpu(cluster)
                for step, _ in run_wave(connection, settings, "mastodon", hour):
                    now, server_now = _our_cpu(), server_cpu(cluster)
                    name = step.split()[0]
                    spent[name][0] += now - ours
                    spent[name][1] += server_now - servers
                    ours, servers = now, server_now
                posts = _posts(connection) - before
    whole = sum(map(sum, spent.values())) / posts * 1e6
    table(
        f"CPU microseconds a post, of {posts:,}: ours, PostgreSQL's",
        [
            *(
                (step, f"{1e6 * mine / posts:8.0f} {1e6 * theirs / posts:8.0f}")
                for step, (mine, theirs) in spent.items()
            ),
            ("all", f"{whole:8.0f}"),
        ],
    )
    verdict("one_post", ratio=whole, bar=BAR, at_least=False, posts=posts)


def _posts(connection: object) -> int:
    query = "select count(*) from dim_facts.dim_content"
    return int(connection.execute(query).fetchone()[0])  # type: ignore[attr-defined]


def _our_cpu() -> float:
    """Of this thread, and of the process that holds the model."""
    hosts = psutil.Process(os.getpid()).children()
    spent = [host.cpu_times() for host in hosts if "host" in " ".join(host.cmdline())]
    return time.thread_time() + sum(times.user + times.system for times in spent)


if __name__ == "__main__":
    main()
