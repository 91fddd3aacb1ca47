"""What reaches whom in docker-compose.yaml: each setting, each secret, and what Airflow is told."""

import json
from typing import Any

from chorus import paths
from chorus.cli.env_example import FOR_COMPOSE_ALONE
from chorus.config import Settings
from chorus.stack.airflow_env import CHOSEN_UNLESS_SET, airflow_environment
from chorus.stack.run_folder import RunFolder
from tests.conftest import settings_for_tests
from tests.deployment.conftest import settings_passed_on

Services = dict[str, dict[str, Any]]

# They follow from how the file is built, belong to `make run` alone, or name what is mounted.
NOT_A_PERSONS_CHOICE = {
    "DATABASE_ADMIN_URL",
    "DATABASE_HOST",
    "DATABASE_PORT",
    "DEMO_NETWORK",
    "TARGETS_FILE",
    "CHORUS_PORT",
    "EXECUTOR",
    "METRICS_HOST",
    "METRICS_PORT",
    "METRICS_TOKEN_FILE",
}
# Places on this machine, and what a person's shell may say of other servers, which reaches no container.
LOCAL_ONLY = {
    *("AIRFLOW_HOME", "AIRFLOW__CORE__DAGS_FOLDER", "AIRFLOW__CORE__PLUGINS_FOLDER"),
    *("AIRFLOW__LOGGING__BASE_LOG_FOLDER", "AIRFLOW__API__SSL_CERT", "AIRFLOW__API__SSL_KEY"),
    "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY",
}


def test_who_queues_a_post_who_reads_it_and_who_shows_its_mood_agree_on_the_key(
    services: Services,
) -> None:
    decides = [name for name in Settings.model_fields if name.startswith("sentiment_")]
    told = [
        {name: services[one]["environment"].get(name.upper()) for name in decides}
        for one in ("worker", "worker-gpu", "init")
    ]
    assert told[0] == told[1] == told[2]


def test_airflow_is_told_there_whatever_make_run_tells_it(
    services: Services, tmp_path: Any
) -> None:
    embedded = airflow_environment({}, RunFolder(tmp_path), 1, 2, settings_for_tests())
    told = services["scheduler"]["environment"]
    assert {name for name in embedded if name.startswith("AIRFLOW__")} - LOCAL_ONLY <= set(told)
    for name in CHOSEN_UNLESS_SET.keys() - {"AIRFLOW__CORE__PARALLELISM"}:
        assert str(told[name]) == CHOSEN_UNLESS_SET[name], name


def test_every_setting_reaches_the_containers(services: Services) -> None:
    ours = {name.upper() for name in Settings.model_fields} - NOT_A_PERSONS_CHOICE
    assert ours <= set(services["init"]["environment"])
    owners = {
        name
        for name in ours
        if name.startswith(("DATABASE_OWNER", "DATABASE_READER", "DATABASE_MONITOR"))
    }
    assert ours - owners <= set(services["worker"]["environment"])


def test_nobody_but_the_one_who_needs_it_is_told_a_password(services: Services) -> None:
    def told(password: str) -> set[str]:
        return {
            name
            for name, service in services.items()
            if f"${{{password}:" in json.dumps(service.get("environment", {}))
        }

    assert told("POSTGRES_PASSWORD") == {"postgres", "databases", "init"}
    for role in ("OWNER", "READER"):
        assert told(f"DATABASE_{role}_PASSWORD") == {"init"}
    assert told("DATABASE_MONITOR_PASSWORD") == {"init", "exporter"}
    ours = {name for name, service in services.items() if "build" in service}
    assert told("DATABASE_PASSWORD") == ours - {"exporter"}
    assert told("METABASE_DATABASE_PASSWORD") == {"databases", "metabase"}


def test_every_variable_is_in_env_example_and_none_that_is_for_compose_alone_is_idle(
    services: Services, compose: dict[str, Any], variables: dict[str, set[str]]
) -> None:
    example = (paths.ROOT / ".env.example").read_text()
    asked = {*variables, *(name for _, name in settings_passed_on(services))}
    asked |= {secret["environment"] for secret in compose["secrets"].values()}
    for name in asked:
        assert f"\n#{name}=" in example, name
    assert set(FOR_COMPOSE_ALONE) - asked == {"COMPOSE_PROFILES"}


def test_the_defaults_of_env_example_are_those_of_the_file(
    variables: dict[str, set[str]],
) -> None:
    defaults = {name: default for name, (default, _) in FOR_COMPOSE_ALONE.items() if default}
    assert defaults
    for name, default in defaults.items():
        assert variables[name] == {f":-{default}"}


def test_no_password_has_a_default(variables: dict[str, set[str]]) -> None:
    secrets = {
        name
        for name in variables
        if any(word in name for word in ("PASSWORD", "SECRET", "KEY"))
    }
    assert len(secrets) == 13
    for name in secrets:
        assert all(rest.startswith(":?") for rest in variables[name]), name
