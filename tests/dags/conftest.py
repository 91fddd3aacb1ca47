"""What the tests of DAGs share."""

import tempfile
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg import sql

from chorus import paths
from chorus.demo.life.world import World
from chorus.demo.network import demo_network


@pytest.fixture(scope="session")
def dags() -> Path:
    return paths.ROOT / "dags"


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's own database, empty and migrated, on SQLite."""
    from airflow.utils import db

    db.initdb()


@pytest.fixture(scope="module")
def network():
    """It lives now, because what a manual run reads and what is news are measured from now."""
    with demo_network(world=World(), limits=False) as running:
        yield running


@pytest.fixture
def refreshable(server, warehouse_settings):
    """The owner may make temporary tables, as in a database of its own: a refresh beside readers needs one."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        database = sql.Identifier(warehouse_settings.database_name)
        admin.execute(
            sql.SQL("grant temporary on database {} to chorus_owner").format(database)
        )


@pytest.fixture
def airflow(refreshable, airflow_database, network, warehouse_settings, tmp_path, monkeypatch):
    """The settings that the tasks read, as an installation would have them."""
    from chorus.config import load_settings

    targets = tmp_path / "targets.yaml"
    hashtags = list(network.addresses.hashtags[:2])
    entries = [
        {"instance": name, "base_url": url, "hashtags": hashtags}
        for name, url in network.addresses.instances.items()
    ]
    targets.write_text(yaml.safe_dump({"mastodon": entries}))
    variables = {
        "TARGETS_FILE": str(targets),
        "SENTIMENT_BACKEND": "vader",
        "DATABASE_HOST": warehouse_settings.database_host,
        "DATABASE_PORT": str(warehouse_settings.database_port),
        "DATABASE_NAME": warehouse_settings.database_name,
        "DATABASE_PASSWORD": "loader",
        "NOTIFY_VIA_DISCORD": "true",
        "DISCORD_WEBHOOK_URL": network.addresses.discord_webhook_url,
        "SLA_EMAILS": "ops@example.org",
        "SMTP_HOST": network.addresses.smtp_host,
        "SMTP_PORT": str(network.addresses.smtp_port),
        "SMTP_STARTTLS": "false",
        # However full the disk of whoever runs the tests.
        "THRESHOLDS": "disk_free_gb=0",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    load_settings.cache_clear()
    yield monkeypatch
    load_settings.cache_clear()


@pytest.fixture
def run(airflow):
    """Runs a DAG to its end; returns the state of the run and of each task."""
    from airflow.dag_processing.dagbag import DagBag

    from chorus.config import load_settings

    bag = DagBag(paths.ROOT / "dags")
    for dag in bag.dags.values():
        # dag.test() of Airflow 3.3.2 stumbles over deadlines when a run ends: it looks them up in its database.
        dag.deadline = None
        for task in dag.tasks:
            if task.is_mapped:
                task.partial_kwargs["retries"] = 0
            else:
                task.retries = 0

    def run(dag_id, **conf):
        load_settings.cache_clear()
        dag_run = bag.dags[dag_id].test(run_conf=conf)
        states = {}
        for task in dag_run.get_task_instances():
            states.setdefault(task.task_id, []).append(str(task.state))
        return str(dag_run.state), states

    return run
