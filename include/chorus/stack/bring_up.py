"""From nothing to a stack that answers: what waits for what, and what goes on meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chorus import paths
from chorus.config import Settings
from chorus.stack.airflow_api import AirflowApi
from chorus.stack.airflow_components import airflow_component
from chorus.stack.airflow_env import (
    address,
    admin_password,
    airflow_environment,
    metadata_password,
)
from chorus.stack.celery import queues, start_redis, worker
from chorus.stack.databases import ensure_airflow_database
from chorus.stack.demo_network import demo_component, demo_variables, wait_for_addresses
from chorus.stack.embedded_databases import migrate_both, start_postgres
from chorus.stack.environment import base_environment
from chorus.stack.first_run import wait_until_parsed, wait_until_up
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import RunLock
from chorus.stack.stack_settings import (
    embedded_variables,
    names_a_warehouse,
    remember,
    settings_with,
)
from chorus.stack.supervisor import Supervisor

FIRST_DAG = "bronze_mastodon"
TRIGGERER_AFTER = 30.0


@dataclass(frozen=True)
class Stack:
    """What is up: where, with which settings, with which DAGs."""

    api: AirflowApi
    settings: Settings
    dags: list[str]
    demo: Mapping[str, Any] | None


def bring_up(
    person: Settings,
    run: RunFolder,
    inherited: Mapping[str, str],
    supervisor: Supervisor,
    lock: RunLock,
) -> Stack:
    """Return once Airflow answers and every DAG file is parsed."""
    voice, began = supervisor.voice, datetime.now(UTC)
    port = supervisor.ports.choose(person.chorus_port, "the Airflow UI")
    lock.announce(address(port))
    base = base_environment(run.root, inherited)
    if person.uses_demo_network:
        supervisor.start(demo_component(run, base, supervisor.ports))
    on_celery = person.executor == "CeleryExecutor"
    broker = start_redis(run, base, supervisor) if on_celery else {}
    cluster = start_postgres(run, base, supervisor)
    own_warehouse = names_a_warehouse(person)
    variables = {} if own_warehouse else embedded_variables(person, cluster.port, run.secrets)
    cluster.wait_until_up(supervisor.wait)
    ensure_airflow_database(cluster.dsn(), metadata_password(run))
    demo = wait_for_addresses(run, supervisor) if person.uses_demo_network else None
    if demo is not None:
        variables |= demo_variables(person, demo, run.demo_targets)
    remember(variables, run.variables)
    settings = settings_with(variables)
    told = {**base, **variables, **broker}
    environment = airflow_environment(told, run, port, cluster.port, settings)
    part = partial(airflow_component, run=run, environment=environment)
    # The slowest to start; it reads no table before it is asked for something.
    supervisor.start(part("api-server"))
    migrate_both(cluster, run, environment, settings, supervisor, own_warehouse=own_warehouse)
    supervisor.start(part("scheduler"), part("dag-processor"))
    if on_celery:
        supervisor.start(*(worker(queue, run, environment) for queue in queues(settings)))
    api = AirflowApi(address(port), admin_password(run))
    wait_until_up(api, supervisor)
    voice.event("airflow", f"answers at {api.address}")
    dags = wait_until_parsed(api, paths.ROOT / "dags", FIRST_DAG, began, supervisor)
    # Nobody needs the triggerer in the first seconds, and starting it would make everybody else wait.
    supervisor.start(part("triggerer"), after=TRIGGERER_AFTER)
    return Stack(api, settings, dags, demo)
