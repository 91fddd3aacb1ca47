"""A PostgreSQL for as long as a block lasts: for tests, benchmarks and the CLI, which have no supervisor."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chorus.domain.errors import StackError
from chorus.stack.ports import any_free_port
from chorus.stack.postgres import STOP_NOW_SIGNAL, STOP_SIGNAL, Cluster

STOP_WITHIN = 8.0


@contextmanager
def running_postgres(
    root: Path, *, port: int | None = None, durable: bool = True, max_connections: int = 150
) -> Iterator[Cluster]:
    """A server below `root` for as long as the block lasts; on any free port unless one is named."""
    cluster = Cluster(root.resolve(), port or any_free_port(), durable, max_connections)
    cluster.prepare()
    with cluster.log.open("ab") as log:
        server = subprocess.Popen(
            [*cluster.become, *cluster.command()],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def pause(seconds: float) -> None:
        if server.poll() is not None:
            last = cluster.log.read_text(errors="replace").strip().splitlines()[-1:]
            raise StackError(
                f"PostgreSQL ended while starting ({' '.join(last)}); see {cluster.log}."
            )
        time.sleep(seconds)

    try:
        cluster.wait_until_up(pause)
        yield cluster
    finally:
        stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server in the fast way (clients are dropped), in the hard way when that takes too long."""
    for how in (STOP_SIGNAL, STOP_NOW_SIGNAL, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            continue
