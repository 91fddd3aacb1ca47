"""`make psql`, `db-query`, `backup` and `restore`: PostgreSQL's own programs, signed in as one of our roles."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.runs import new_cli_run, open_run
from chorus.stack.postgres import Cluster
from chorus.warehouse.catalogue import verify
from chorus.warehouse.connection import Connection, connect

RUNS = "select count(*) from bronze.pipeline_runs"


def as_role(settings: Settings, role: str, *words: str) -> subprocess.CompletedProcess[str]:
    passwords = {
        f"DATABASE_{name}PASSWORD": getattr(settings, f"database_{name.lower()}password")
        for name in ("", "OWNER_", "READER_", "MONITOR_")
    }
    environment = {
        **os.environ,
        "DATABASE_HOST": settings.database_host,
        "DATABASE_PORT": str(settings.database_port),
        "DATABASE_NAME": settings.database_name,
        **{name: secret.get_secret_value() for name, secret in passwords.items()},
    }
    tool = str(paths.ROOT / "tools" / "with_warehouse.py")
    command = [sys.executable, tool, role, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def recipe(target: str, **variables: str) -> list[str]:
    """What make would run, after `tools/with_warehouse.py`."""
    asked = ["make", "--no-print-directory", "-n", "-o", ".venv/.ready", target, "FORCE=1"]
    given = [f"{name}={value}" for name, value in variables.items()]
    said = subprocess.run(
        [*asked, *given], cwd=paths.ROOT, capture_output=True, text=True, check=True
    ).stdout
    line = next(line for line in said.splitlines() if "with_warehouse.py" in line)
    shown = ["sh", "-c", f"printf '%s\\n' {line.partition('with_warehouse.py ')[2]}"]
    words = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    return words.split("\n")[:-1]


def test_a_statement_is_answered_as_the_role_that_was_asked_for(
    warehouse_settings: Settings,
) -> None:
    query = ("psql", "--no-psqlrc", "--tuples-only", "--command", "select current_user")
    answered = as_role(warehouse_settings, "monitor", *query)
    assert answered.stdout.strip() == "chorus_monitor", answered.stderr


def test_the_reader_sees_no_bronze(warehouse_settings: Settings) -> None:
    refused = as_role(warehouse_settings, "reader", "psql", "--command", RUNS)
    assert "permission denied for schema bronze" in refused.stderr


def test_what_the_address_says_beyond_its_parts_reaches_the_program(
    warehouse_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{warehouse_settings.dsn()}?sslrootcert=/etc/company.pem&connect_timeout=7"
    monkeypatch.setenv("DATABASE_URL", url)
    said = as_role(warehouse_settings, "reader", "env").stdout.splitlines()
    assert {"PGSSLROOTCERT=/etc/company.pem", "PGCONNECT_TIMEOUT=7"} <= set(said)
    assert "PGUSER=chorus_reader" in said


def test_a_restored_backup_is_the_warehouse_that_was_backed_up(
    warehouse: Connection, warehouse_settings: Settings, server: Cluster, tmp_path: Path
) -> None:
    # As `bootstrap` makes it; the tests' copies of it belong to the administrator.
    with psycopg.connect(server.dsn(), autocommit=True) as administrator:
        change = sql.SQL("alter database {} owner to chorus_owner")
        administrator.execute(change.format(sql.Identifier(warehouse_settings.database_name)))
    open_run(warehouse, warehouse_settings, new_cli_run())
    warehouse.commit()
    found = verify(warehouse_settings)
    dump = tmp_path / "a dump"

    backed_up = as_role(warehouse_settings, *recipe("backup", FILE=str(dump)))
    assert backed_up.returncode == 0, backed_up.stderr
    open_run(warehouse, warehouse_settings, new_cli_run())
    warehouse.commit()
    warehouse.close()
    restored = as_role(warehouse_settings, *recipe("restore", FILE=str(dump)))
    assert restored.returncode == 0, restored.stderr

    with connect(warehouse_settings) as again:
        assert again.execute(RUNS).fetchone() == (1,)
    assert verify(warehouse_settings) == found
    query = ("psql", "--command", "select count(*) from analytics.mv_sentiment_trends")
    assert as_role(warehouse_settings, "reader", *query).returncode == 0


def test_a_restore_asks_first(tmp_path: Path) -> None:
    if not (paths.ROOT / ".venv" / ".ready").exists():
        pytest.skip("make would install .venv first")
    asked = ["make", "-o", ".venv/.ready", "restore", f"FILE={tmp_path / 'none'}"]
    answer = subprocess.run(
        asked, cwd=paths.ROOT, input="n\n", capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert "Go on? [y/N]" in answer.stdout
    assert "pg_restore" not in answer.stderr
