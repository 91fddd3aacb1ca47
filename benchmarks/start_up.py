"""From nothing to the first summary, beside a bare `airflow standalone` to its first finished run.

On the same kind of database. Ours makes the database, both schemas, a demo network and a wave of four DAGs; theirs
finds a server that runs and has one DAG with one empty task.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks._measure import FULL, table, verdict
from chorus.stack.databases import AIRFLOW, ensure_airflow_database
from chorus.stack.ports import Ports
from chorus.stack.running_postgres import running_postgres

BAR = 2.0
LONGEST = 600
BARE_DAG = """
from airflow.sdk import dag, task

@dag(schedule="@once", is_paused_upon_creation=False)
def bare():
    @task
    def nothing() -> None: ...
    nothing()

bare()
"""
OURS = """
import sys
from pathlib import Path
from chorus.stack.main import run_stack
from chorus.stack.run_folder import RunFolder
sys.exit(run_stack(once=True, run=RunFolder(Path(sys.argv[1]))))
"""


def clean_environment() -> dict[str, str]:
    """What `make run` passes on, without what a developer set for their own Airflow or Chorus."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    chosen = {name: os.environ[name] for name in kept if name in os.environ}
    programs = str(Path(sys.executable).parent)
    return chosen | {"PATH": os.pathsep.join([programs, chosen.get("PATH", os.defpath)])}


def seconds_of_ours(folder: Path) -> float:
    """Until the summary names the top hashtags."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", OURS, str(folder)],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said, taken = [], None
    for line in process.stdout:
        said.append(line)
        if line.startswith("Top hashtags"):
            taken = time.perf_counter() - start
    if process.wait() != 0 or taken is None:
        raise SystemExit("".join(said))
    return taken


def seconds_of_theirs(folder: Path) -> float:
    """Until Airflow's own database says that the run succeeded."""
    dags = folder / "dags"
    dags.mkdir(parents=True)
    (dags / "bare.py").write_text(BARE_DAG)
    with running_postgres(folder / "postgres") as server:
        ensure_airflow_database(server.dsn(), "bare")
        address = f"127.0.0.1:{server.port}/{AIRFLOW}"
        environment = clean_environment() | {
            "AIRFLOW_HOME": str(folder / "home"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{AIRFLOW}:bare@{address}",
            **free_ports(),
        }
        start = time.perf_counter()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "standalone"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait_until(lambda: _has_succeeded(server.dsn(AIRFLOW)))
            return time.perf_counter() - start
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_ports() -> dict[str, str]:
    """Standalone does not look for a free port; beside another Airflow it would wait for ever."""
    wanted = (
        ("AIRFLOW__API__PORT", 8080),
        ("AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT", 8793),
        ("AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT", 8794),
    )
    chooser = Ports(print)
    ports = {name: str(chooser.choose(port, name)) for name, port in wanted}
    api = ports["AIRFLOW__API__PORT"]
    return {
        **ports,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{api}/execution/",
    }


def _has_succeeded(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn) as connection:
            query = "select count(*) from dag_run where state = 'success'"
            found = connection.execute(query).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return False
    return bool(found and found[0])


def _wait_until(happened: Callable[[], bool]) -> None:
    patience = time.monotonic() + LONGEST
    while not happened():
        if time.monotonic() > patience:
            raise SystemExit(f"nothing happened within {LONGEST} s")
        time.sleep(0.2)


def main() -> None:
    rounds = 3 if FULL else 2
    ours, theirs = [], []
    for number in range(rounds):
        with TemporaryDirectory() as folder:
            theirs.append(seconds_of_theirs(Path(folder) / f"theirs{number}"))
            ours.append(seconds_of_ours(Path(folder) / f"ours{number}"))
    ours_median, theirs_median = statistics.median(ours), statistics.median(theirs)
    table(
        "To the first result",
        [
            ("make run, to its summary", f"{ours_median:.1f} s"),
            ("airflow standalone, to its first finished run", f"{theirs_median:.1f} s"),
        ],
    )
    verdict(
        "start_up",
        ratio=ours_median / theirs_median,
        bar=BAR,
        at_least=False,
        ours_s=round(ours_median, 1),
        theirs_s=round(theirs_median, 1),
    )


if __name__ == "__main__":
    main()
