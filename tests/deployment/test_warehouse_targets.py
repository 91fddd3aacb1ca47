"""`make psql`, `db-query`, `backup` and `restore`: PostgreSQL's own programs, signed in as one of our roles."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.runs import new_cli_run, open_run
from chorus.stack.postgres import Cluster
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.catalogue import verify
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.migrations import migrate

RUNS = "select count(*) from bronze.pipeline_runs"
WEEKS = "select relname from pg_class where relname ~ '^raw_events_20..w..$'"


def as_role(
    settings: Settings, role: str, *words: str, typed: Path | None = None
) -> subprocess.CompletedProcess[str]:
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
    with (typed or Path(os.devnull)).open("rb") as given:
        return subprocess.run(
            [sys.executable, tool, role, *words],
            cwd=paths.ROOT,
            env=environment,
            stdin=given,
            capture_output=True,
            text=True,
            check=False,
        )


def back_up(settings: Settings, dump: Path) -> None:
    done = as_role(settings, *recipe("backup", dump))
    assert done.returncode == 0, done.stderr
    Path(f"{dump}.part").rename(dump)


def restore(settings: Settings, dump: Path) -> subprocess.CompletedProcess[str]:
    return as_role(settings, *recipe("restore", dump), typed=dump)


def recipe(target: str, dump: Path) -> list[str]:
    """What make would run, after `tools/with_warehouse.py`; what goes into it and what follows are the test's."""
    asked = ["make", "--no-print-directory", "-n", "-o", ".venv/.ready", target, "FORCE=1"]
    said = subprocess.run(asked, cwd=paths.ROOT, capture_output=True, text=True, check=True)
    line = next(line for line in said.stdout.splitlines() if "with_warehouse.py" in line)
    words = re.split(r" (?:<|&&) ", line.partition("with_warehouse.py ")[2])[0]
    shown = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {words}"],
        env={**os.environ, "FILE": str(dump)},
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.split("\n")[:-1]


def test_a_statement_is_answered_as_the_role_that_was_asked_for(
    warehouse_settings: Settings,
) -> None:
    query = ("psql", "--no-psqlrc", "--tuples-only", "--command", "select current_user")
    answered = as_role(warehouse_settings, "monitor", *query)
    assert answered.stdout.strip() == "chorus_monitor", answered.stderr


def test_a_role_that_is_none_is_a_sentence(warehouse_settings: Settings) -> None:
    refused = as_role(warehouse_settings, "boss", "true")
    assert refused.stderr == "ROLE=boss is none of loader, owner, reader, monitor.\n"


def test_a_server_that_is_not_there_is_a_sentence(warehouse_settings: Settings) -> None:
    nowhere = warehouse_settings.model_copy(update={"database_port": 9})
    refused = as_role(nowhere, "reader", "psql")
    assert refused.stderr.startswith("The warehouse does not let the reader in")


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


def test_each_table_that_an_alert_names_is_read_by_the_role_that_the_page_says(
    warehouse_settings: Settings, operations: str
) -> None:
    alerts = operations.partition("\n## Alerts")[2].partition("\n## Secrets")[0]
    tables = set(re.findall(r"\b(?:ops|bronze)\.[a-z_]+", alerts))
    assert {"ops.watch_state", "bronze.dead_letters"} < tables
    for table in tables:
        role = "loader" if table == "bronze.dead_letters" else "monitor"
        query = ("psql", "--command", f"select count(*) from {table}")
        answered = as_role(warehouse_settings, role, *query)
        assert answered.returncode == 0, answered.stderr


@pytest.fixture
def new_server(server: Cluster, template: Settings) -> Iterator[Settings]:
    """As `chorus warehouse bootstrap` leaves it: a database, its roles and no tables."""
    name = "of_a_new_server"
    settings = template.model_copy(update={"database_name": name})
    bootstrap(server.dsn(), settings)
    yield settings
    with psycopg.connect(server.dsn(), autocommit=True) as administrator:
        administrator.execute(f"drop database {name} with (force)")


@pytest.fixture
def whole(
    warehouse: Connection, warehouse_settings: Settings, server: Cluster
) -> Iterator[Connection]:
    """A warehouse as `bootstrap` makes it (the tests' copies belong to the administrator), with an extension in it."""
    with psycopg.connect(server.dsn(), autocommit=True) as administrator:
        change = sql.SQL("alter database {} owner to chorus_owner")
        administrator.execute(change.format(sql.Identifier(warehouse_settings.database_name)))
    inside = conninfo.make_conninfo(server.dsn(), dbname=warehouse_settings.database_name)
    with psycopg.connect(inside, autocommit=True) as administrator:
        administrator.execute("create extension vector")
        yield administrator


def add_a_run(connection: Connection, settings: Settings, week: date) -> None:
    """And the partition that its raw events would be in."""
    open_run(connection, settings, new_cli_run())
    connection.execute("select bronze.ensure_raw_events_weeks(%s)", [[week]])
    connection.commit()


def test_a_restored_backup_is_the_warehouse_that_was_backed_up(
    whole: Connection, warehouse: Connection, warehouse_settings: Settings, tmp_path: Path
) -> None:
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 16))
    found = verify(warehouse_settings)
    dump = tmp_path / "a dump"

    back_up(warehouse_settings, dump)
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 23))
    whole.execute(
        "set role chorus_owner; create table bronze.of_a_later_version (); reset role"
    )
    warehouse.close()
    restored = restore(warehouse_settings, dump)
    assert restored.returncode == 0, restored.stderr

    with connect(warehouse_settings) as again:
        assert again.execute(RUNS).fetchone() == (1,)
        assert again.execute(WEEKS).fetchall() == [("raw_events_2026w47",)]
    assert verify(warehouse_settings) == found
    query = ("psql", "--command", "select count(*) from analytics.mv_sentiment_trends")
    assert as_role(warehouse_settings, "reader", *query).returncode == 0


def test_a_dump_that_was_cut_short_changes_nothing(
    whole: Connection, warehouse: Connection, warehouse_settings: Settings, tmp_path: Path
) -> None:
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 16))
    dump = tmp_path / "dump"
    back_up(warehouse_settings, dump)
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 16))
    warehouse.close()
    for kept in (dump.stat().st_size - 100, 10):
        dump.write_bytes(dump.read_bytes()[:kept])
        assert restore(warehouse_settings, dump).returncode != 0
    with connect(warehouse_settings) as still:
        assert still.execute(RUNS).fetchone() == (2,)


def test_a_new_server_takes_a_backup_once_its_roles_are_there(
    warehouse: Connection, warehouse_settings: Settings, new_server: Settings, tmp_path: Path
) -> None:
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 16))
    back_up(warehouse_settings, tmp_path / "dump")
    restored = restore(new_server, tmp_path / "dump")
    assert restored.returncode == 0, restored.stderr
    assert verify(new_server) == []
    with connect(new_server) as again:
        assert again.execute(RUNS).fetchone() == (1,)


def test_a_backup_of_an_older_version_is_migrated_after_its_restore(
    warehouse_settings: Settings, new_server: Settings, tmp_path: Path
) -> None:
    migrate(new_server, "0016")
    back_up(new_server, tmp_path / "dump")
    restored = restore(warehouse_settings, tmp_path / "dump")
    assert restored.returncode == 0, restored.stderr
    assert verify(warehouse_settings) != []
    migrate(warehouse_settings)
    assert verify(warehouse_settings) == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            "--schema=ops",
            "it lacks bronze.raw_events, bronze.pipeline_runs, dim_facts.dim_content",
        ),
        ("--schema=mine", "it lacks bronze.raw_events"),
        ("--exclude-schema=analytics", "it lacks analytics.view_state. Nothing was changed."),
        ("--schema-only", "holds the tables of a warehouse and no rows. Nothing was changed."),
    ],
)
def test_a_dump_that_holds_no_warehouse_changes_nothing(
    whole: Connection,
    warehouse: Connection,
    warehouse_settings: Settings,
    tmp_path: Path,
    part: str,
    said: str,
) -> None:
    add_a_run(warehouse, warehouse_settings, date(2026, 11, 16))
    whole.execute(
        "set role chorus_owner; create schema mine; create table mine.own (); reset role"
    )
    dump = tmp_path / "dump"
    made = as_role(
        warehouse_settings,
        *(
            "owner",
            "pg_dump",
            "--format=custom",
            "--exclude-extension=*",
            part,
            f"--file={dump}",
        ),
    )
    assert made.returncode == 0, made.stderr
    warehouse.close()
    refused = restore(warehouse_settings, dump)
    assert refused.returncode != 0
    assert said in refused.stderr
    with connect(warehouse_settings) as still:
        assert still.execute(RUNS).fetchone() == (1,)


def test_a_dump_of_a_warehouse_under_other_names_changes_nothing(
    whole: Connection,
    warehouse: Connection,
    warehouse_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dump = tmp_path / "dump"
    back_up(warehouse_settings, dump)
    warehouse.close()
    monkeypatch.setenv("GOLD_DATABASE_SCHEMA_NAME", "shiny")
    assert "it lacks shiny.view_state" in restore(warehouse_settings, dump).stderr


def test_a_restore_does_not_take_somebodys_view_along(
    whole: Connection, warehouse: Connection, warehouse_settings: Settings, tmp_path: Path
) -> None:
    back_up(warehouse_settings, tmp_path / "dump")
    whole.execute("create schema mine; create view mine.moods as table dim_facts.dim_date")
    warehouse.close()
    refused = restore(warehouse_settings, tmp_path / "dump")
    assert refused.returncode != 0
    assert "would go with it: mine.moods" in refused.stderr


def test_a_restore_asks_first(tmp_path: Path) -> None:
    if not (paths.ROOT / ".venv" / ".ready").exists():
        pytest.skip("make would install .venv first")
    (tmp_path / "dump").touch()
    asked = ["make", "-o", ".venv/.ready", "restore", f"FILE={tmp_path / 'dump'}"]
    answer = subprocess.run(
        asked, cwd=paths.ROOT, input="n\n", capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert "Go on? [y/N]" in answer.stdout
    assert "pg_restore" not in answer.stderr
