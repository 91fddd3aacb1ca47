"""Fixtures every test may use: a real PostgreSQL, a migrated database of one's own, the recorded responses."""

import os
import signal
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import Cluster
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.migrations import migrate

TEMPLATE = "chorus_template"
pytest_plugins = ["tests.e2e.running"]

# Airflow looks for its home when it is first imported, so the tests' own is made before anything does.
AIRFLOW_HOME = tempfile.TemporaryDirectory(prefix="chorus-tests-airflow-")
os.environ |= {
    "AIRFLOW_HOME": AIRFLOW_HOME.name,
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(paths.ROOT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(paths.ROOT / "plugins"),
    # As in the model's host: threads that spin while they wait take the cores from everybody else.
    "OMP_WAIT_POLICY": "PASSIVE",
    "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of the tests, long enough for SHA-512: "
    + "x" * 32,
}


def settings_for_tests(**values: object) -> Settings:
    """Settings that no environment and no `.env` of the person who runs the tests can change."""
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def _nobodys_environment() -> Iterator[None]:
    """What a developer has set for their own Chorus does not reach the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        patch.setattr(
            "chorus.config.Settings.model_config", {**Settings.model_config, "env_file": None}
        )
        yield


# Responses of real servers; they are not part of the repository.
CORPORA = Path(os.environ.get("CHORUS_CORPORA", paths.ROOT.parent / "shared" / "corpora"))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Where they are; who asks is skipped where they are not."""
    if not CORPORA.is_dir():
        pytest.skip(
            f"the recorded responses are not at {CORPORA}; CHORUS_CORPORA names their folder"
        )
    return CORPORA


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of this test session."""
    with running_postgres(tmp_path_factory.mktemp("postgres"), durable=False) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def template(server: Cluster) -> Settings:
    """Settings of a migrated database that each test's own is copied from."""
    settings = settings_for_tests(
        database_host=LOOPBACK,
        database_port=server.port,
        database_name=TEMPLATE,
        database_password="loader",
        database_owner_password="owner",
        database_reader_password="reader",
        database_monitor_password="monitor",
        db_retry_min_wait=0,
        db_retry_max_wait=0.1,
    )
    bootstrap(server.dsn(), settings)
    migrate(settings)
    return settings


@contextmanager
def fresh_warehouse(server: Cluster, template: Settings) -> Iterator[Settings]:
    """Settings of a migrated, empty database, as long as the block lasts."""
    name = f"test_{uuid4().hex[:12]}"
    settings = template.model_copy(update={"database_name": name})
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        names = {"name": sql.Identifier(name), "template": sql.Identifier(TEMPLATE)}
        copy = (
            "create database {name} template {template} strategy file_copy owner chorus_owner"
        )
        admin.execute(sql.SQL(copy).format(**names))
        bootstrap(server.dsn(), settings)
        yield settings
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture
def warehouse_settings(server: Cluster, template: Settings) -> Iterator[Settings]:
    """Settings of a database of this test's own."""
    with fresh_warehouse(server, template) as settings:
        yield settings


@pytest.fixture
def other_warehouse_settings(server: Cluster, template: Settings) -> Iterator[Settings]:
    """And of one more, to compare with."""
    with fresh_warehouse(server, template) as settings:
        yield settings


@pytest.fixture
def warehouse(warehouse_settings: Settings) -> Iterator[Connection]:
    """The loader's connection to it."""
    with connect(warehouse_settings) as connection:
        yield connection


@pytest.fixture
def owner(warehouse_settings: Settings) -> Iterator[Connection]:
    """The owner's connection to it."""
    with connect(warehouse_settings, "owner", autocommit=True) as connection:
        yield connection


# Minutes a suite may take on two cores while `.ci/run` runs two of them at a time: each of its two groups takes less
# than twenty, and with the checks and the installation that is twenty-five in all.
BUDGET = {
    # start whole stacks
    "cli": 1.5,
    "dags": 2.5,
    "demo": 1.5,
    "e2e": 7.5,
    "faults": 4.5,  # the first of its tests makes .venv and starts the stack that e2e goes on with
    "sentiment": 2.0,
    "stack": 2.0,
    # beside them
    "pipelines": 6.5,
    "rebuild": 1.0,
    "sources": 2.5,
    "sql": 5.5,
    "transform": 2.0,
    "warehouse": 1.0,
    "deployment": 1.5,
}
OF_ANY_OTHER = 0.5


# What may be absent even where everything else is asked for: it cannot be installed.
MAY_BE_ABSENT = (
    "the recorded responses",
    "GPU",
    "CUDA",
    "MPS",
    "TimescaleDB",
    "nothing can be mounted here",
)


def pytest_configure() -> None:
    """A shell keeps Ctrl-C from what it starts in the background, which would keep it from what tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CHORUS_REQUIRE_ALL a skipped test is a failed one: where everything is there, nothing is left out."""
    report = yield
    if (
        report.skipped
        and os.environ.get("CHORUS_REQUIRE_ALL")
        and not hasattr(report, "wasxfail")
    ):
        reason = str(report.longrepr)
        if not any(word in reason for word in MAY_BE_ABSENT):
            report.outcome = "failed"
            report.longrepr = f"CHORUS_REQUIRE_ALL is set and this was left out: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which suite outgrew its budget; a shared machine can be slow, so that alone is no failure."""
    minutes: defaultdict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                minutes[Path(report.location[0]).parts[1]] += report.duration / 60
    for suite, taken in sorted(minutes.items()):
        allowed = BUDGET.get(suite, OF_ANY_OTHER)
        if taken > allowed:
            terminalreporter.write_line(
                f"tests/{suite} took {taken:.1f} minutes of its {allowed:.1f}", yellow=True
            )
