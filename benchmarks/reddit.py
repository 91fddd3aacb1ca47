"""Comments from Reddit's payloads to silver, beside asyncpraw's `replace_more(limit=None)` and pandas' `to_sql`.

Each way reads the same pretended subreddits in a process of its own, so that its CPU and its peak of memory are its
own; ours reads them side by side. Ours also cleans, detects languages and loads the star; theirs has one table. What must hold: ours takes hardly
more memory for four times as many comments in threads four times as long.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from benchmarks._measure import FULL, table, verdict
from benchmarks._reddit_server import serve
from chorus.config import Settings
from chorus.stack.ports import LOOPBACK, any_free_port
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.migrations import migrate

SUBREDDITS = 5
FEW, MANY = (25_000, 100_000) if FULL else (1_500, 6_000)
MEMORY_BAR = 1.25


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, warehouse(Path(folder)) as make:
        found = {
            (way, size): measured(way, size, make(f"{way}_{size}"))
            for way in ("ours", "theirs")
            for size in (FEW, MANY)
        }
    rows = [
        (
            f"{way}, {size:,} comments",
            f"{size / run['cpu']:8,.0f} comments per CPU second, peak {run['peak_mb']:5.0f} MB",
        )
        for (way, size), run in found.items()
    ]
    growth = {
        way: found[way, MANY]["peak_mb"] / found[way, FEW]["peak_mb"]
        for way in ("ours", "theirs")
    }
    rows.append(
        ("memory at four times the size", ", ".join(f"{w} {g:.2f}x" for w, g in growth.items()))
    )
    table(f"{SUBREDDITS} subreddits of one long thread each", rows)
    verdict(
        "reddit",
        ratio=growth["ours"],
        bar=MEMORY_BAR,
        at_least=False,
        theirs=round(growth["theirs"], 2),
        peak_mb=round(found["ours", MANY]["peak_mb"]),
    )


def measured(way: str, comments: int, dsn: str) -> dict[str, float]:
    """CPU seconds and peak memory of one way in a process of its own."""
    port = any_free_port()
    server = get_context("spawn").Process(
        target=serve, args=(port, comments // SUBREDDITS), daemon=True
    )
    server.start()
    try:
        _wait_for(port)
        module = f"benchmarks._reddit_{way}"
        command = [
            sys.executable,
            "-m",
            module,
            f"http://{LOOPBACK}:{port}",
            dsn,
            str(SUBREDDITS),
        ]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, timeout=1800
        )
    finally:
        server.terminate()
        server.join()
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["rows"] != comments:
        sys.exit(f"{way} loaded {result['rows']:,} of {comments:,} comments.")
    return result


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The pretended subreddits do not come up.")


@contextmanager
def warehouse(folder: Path) -> Iterator[Callable[[str], str]]:
    """Makes migrated databases, each by name; gives the address of each."""
    with running_postgres(folder, durable=False) as cluster:

        def make(name: str) -> str:
            settings = Settings(
                _env_file=None,
                database_host=LOOPBACK,
                database_port=cluster.port,
                database_name=name,
                database_password="loader",
                database_owner_password="owner",
                database_reader_password="reader",
                database_monitor_password="monitor",
            )
            bootstrap(cluster.dsn(), settings)
            migrate(settings)
            return settings.dsn("owner" if name.startswith("theirs") else "loader")

        yield make


if __name__ == "__main__":
    main()
