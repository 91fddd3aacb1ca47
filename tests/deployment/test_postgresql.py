"""PostgreSQL's settings file and the script that makes the other databases, on a real PostgreSQL 18."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chorus import paths
from chorus.stack.binaries import postgres_programs
from chorus.stack.postgres import Cluster

CONF = paths.ROOT / "ops" / "postgresql.conf"
DATABASES = paths.ROOT / "ops" / "databases.sql"


def settings() -> list[str]:
    lines = CONF.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_postgresql_knows_every_setting_of_the_file(tmp_path: Path) -> None:
    """`postgres -C` reads and checks the whole file before it shows one value of it."""
    command = [
        postgres_programs() / "postgres",
        "-C",
        "work_mem",
        f"--config-file={CONF}",
        "-D",
        tmp_path,
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == "32768\n"


def test_every_setting_has_its_reason_in_its_line() -> None:
    assert len(settings()) > 20
    for line in settings():
        assert len(line.partition("  # ")[2] or line.partition(" # ")[2]) > 10, line


def test_the_file_sizes_memory_below_what_its_container_gets() -> None:
    values = dict(line.partition("#")[0].split(" = ", 1) for line in settings())
    megabytes = {
        name: int(values[name].strip().removesuffix("MB").removesuffix("GB"))
        * (1024 if "GB" in values[name] else 1)
        for name in ("shared_buffers", "effective_cache_size")
    }
    assert megabytes["shared_buffers"] == 6 * 1024 / 4
    assert megabytes["effective_cache_size"] < 6 * 1024


@pytest.fixture
def make_databases(
    services: dict[str, dict[str, Any]], server: Cluster
) -> Callable[[str, str], None]:
    """What the service `databases` does, on this server."""
    there = services["databases"]["command"]
    [place] = services["databases"]["volumes"]
    assert f"--file={place.split(':')[1]}" == there[-1]
    words = [word for word in there[:-1] if not word.startswith(("--host=", "--username="))]

    def make(airflow: str, metabase: str) -> None:
        subprocess.run(
            [postgres_programs() / "psql", *words, f"--file={DATABASES}", server.dsn()],
            env={
                **os.environ,
                "AIRFLOW_DATABASE_PASSWORD": airflow,
                "METABASE_DATABASE_PASSWORD": metabase,
            },
            check=True,
        )

    return make


def sign_in(server: Cluster, name: str, password: str, database: str) -> None:
    address = {"host": "127.0.0.1", "port": server.port, "user": name, "dbname": database}
    psycopg.connect(**address, password=password).close()


def test_airflow_and_metabase_get_databases_of_their_own_and_keep_out_of_each_others(
    server: Cluster, make_databases: Callable[[str, str], None]
) -> None:
    make_databases("one", "two's")
    sign_in(server, "airflow", "one", "airflow")
    sign_in(server, "metabase", "two's", "metabase")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        sign_in(server, "metabase", "two's", "airflow")


def test_the_next_start_sets_a_changed_password_and_changes_nothing_else(
    server: Cluster, make_databases: Callable[[str, str], None]
) -> None:
    make_databases("one", "two")
    make_databases("three", "two")
    sign_in(server, "airflow", "three", "airflow")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        sign_in(server, "airflow", "one", "airflow")
