"""The embedded server as a component, and the databases on it brought to what this code expects."""

from collections.abc import Mapping
from functools import partial

from chorus.config import Settings
from chorus.stack.airflow_components import AirflowMigration
from chorus.stack.child import Component
from chorus.stack.databases import airflow_is_migrated, note_that_airflow_is_migrated
from chorus.stack.leftover_servers import end_servers
from chorus.stack.ports import remembered_port
from chorus.stack.postgres import STOP_NOW_SIGNAL, STOP_SIGNAL, Cluster
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.migrations import migrate

WANTED_PORT = 54_320


def start_postgres(
    run: RunFolder, environment: Mapping[str, str], supervisor: Supervisor
) -> Cluster:
    """Start the server; `wait_for` says when it answers."""
    end_servers(run.root / "postgres" / "data")
    wanted = remembered_port(run.postgres_port, WANTED_PORT)
    cluster = Cluster(run.root, supervisor.ports.choose(wanted, "PostgreSQL"))
    cluster.prepare()
    run.postgres_port.write_text(str(cluster.port), encoding="ascii")
    supervisor.start(postgres_component(cluster, environment))
    return cluster


def postgres_component(cluster: Cluster, environment: Mapping[str, str]) -> Component:
    return Component(
        name="postgres",
        command=tuple(cluster.command()),
        log=cluster.log,
        environment=environment,
        become=tuple(cluster.become),
        stop_with=STOP_SIGNAL,
        insist_with=STOP_NOW_SIGNAL,
        stops_last=True,
        before_start=cluster.prepare,
        after_end=partial(end_servers, cluster.data, grace=0),
    )


def migrate_both(
    cluster: Cluster,
    run: RunFolder,
    airflow_environment: Mapping[str, str],
    warehouse: Settings,
    supervisor: Supervisor,
    *,
    own_warehouse: bool,
) -> None:
    """The warehouse's migrations, while Airflow migrates its own database beside them."""
    airflow = None
    if not airflow_is_migrated(cluster.dsn()):
        supervisor.voice.event("airflow", "makes its database")
        airflow = AirflowMigration(run.log("airflow-migrate"), airflow_environment)
    if not own_warehouse:
        bootstrap(cluster.dsn(), warehouse)
    migrate(warehouse)
    supervisor.voice.event("warehouse", "is migrated")
    if airflow is not None:
        airflow.wait(supervisor)
        note_that_airflow_is_migrated(cluster.dsn())
