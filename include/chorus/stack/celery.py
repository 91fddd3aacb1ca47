"""The other executor: Redis hands the tasks to Celery workers, one for every queue."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from chorus.config import Settings
from chorus.domain.errors import StackError
from chorus.stack.airflow_components import airflow
from chorus.stack.child import Component
from chorus.stack.generated_secrets import secret, write_private
from chorus.stack.ports import LOOPBACK, remembered_port
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor

WANTED_PORT = 63_790
DEFAULT_QUEUE = "default"


def start_redis(
    run: RunFolder, environment: Mapping[str, str], supervisor: Supervisor
) -> dict[str, str]:
    """Returns what Airflow must know of it."""
    program = shutil.which("redis-server")
    if program is None:
        raise StackError(
            "EXECUTOR=CeleryExecutor needs redis-server, which is not installed: install it (its service may stay off), "
            "or set EXECUTOR=LocalExecutor."
        )
    folder = run.root / "redis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    memory = run.root / "redis-port"
    port = supervisor.ports.choose(remembered_port(memory, WANTED_PORT), "Redis")
    memory.write_text(str(port), encoding="ascii")
    password = secret(run.secrets, "redis")
    # Not as arguments: a password there would stand in every list of processes.
    write_private(folder / "redis.conf", _configuration(folder, port, password))
    command = (program, str(folder / "redis.conf"))
    supervisor.start(
        Component("redis", command, run.log("redis"), environment, stops_last=True)
    )
    return {"AIRFLOW__CELERY__BROKER_URL": f"redis://:{password}@{LOOPBACK}:{port}/0"}


def _configuration(folder: Path, port: int, password: str) -> str:
    lines = {
        "bind": LOOPBACK,
        "port": port,
        "requirepass": password,
        "dir": json.dumps(str(folder)),
        # A task that was handed over and not begun outlasts a restart.
        "appendonly": "yes",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def queues(settings: Settings) -> list[str]:
    """What somebody must listen to."""
    return list(dict.fromkeys([DEFAULT_QUEUE, settings.sentiment_queue or DEFAULT_QUEUE]))


def worker(queue: str, run: RunFolder, environment: Mapping[str, str]) -> Component:
    """Several on one machine differ by name and by the file that says who they are."""
    name = f"worker-{queue}"
    identity = run.airflow / f"{name}.pid"
    words = (
        *("celery", "worker", "--queues", queue, "--celery-hostname", f"{queue}@%h"),
        *("--pid", str(identity), "--skip-serve-logs", "--without-gossip", "--without-mingle"),
    )

    def forget() -> None:
        """A killed one's file may name a process that is somebody else's by now."""
        identity.unlink(missing_ok=True)

    return Component(name, airflow(*words), run.log(name), environment, before_start=forget)
