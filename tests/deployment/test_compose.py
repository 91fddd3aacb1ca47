"""What can be known of docker-compose.yaml without a container engine."""

import json
import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from chorus import paths
from chorus.cli.env_example import FOR_COMPOSE_ALONE
from chorus.cli.main import app
from chorus.config import Settings
from chorus.stack.airflow_components import COMMANDS
from chorus.stack.airflow_env import CHOSEN_UNLESS_SET, airflow_environment
from chorus.stack.run_folder import RunFolder
from tests.conftest import settings_for_tests
from tests.deployment.conftest import settings_passed_on

Services = dict[str, dict[str, Any]]

OURS = {
    *("api-server", "scheduler", "dag-processor", "triggerer"),
    *("worker", "worker-gpu", "init", "exporter"),
}
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
}


@pytest.mark.skipif(
    find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)
def test_the_file_is_what_the_compose_specification_allows() -> None:
    subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "check_jsonschema",
                "--builtin-schema",
                "vendor.compose-spec",
            ),
            paths.ROOT / "docker-compose.yaml",
        ],
        check=True,
    )


def test_every_part_of_airflow_runs_from_one_image_with_the_command_that_make_run_uses(
    services: Services,
) -> None:
    assert {name for name, service in services.items() if "build" in service} == OURS
    assert {services[name]["image"] for name in OURS} == {"chorus:local"}
    for name, words in COMMANDS.items():
        assert services[name]["command"] == ["airflow", *words]


def test_a_worker_listens_to_each_queue_and_the_one_for_gpus_reserves_one(
    services: Services,
) -> None:
    queues = {
        name: services[name]["command"][services[name]["command"].index("--queues") + 1]
        for name in ("worker", "worker-gpu")
    }
    assert queues == {"worker": "default", "worker-gpu": "gpu"}
    assert services["worker"]["environment"]["AIRFLOW__OPERATORS__DEFAULT_QUEUE"] == "default"
    assert services["worker-gpu"]["profiles"] == ["gpu"]
    (device,) = services["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]


def test_who_queues_a_post_who_reads_it_and_who_shows_its_mood_agree_on_the_key(
    services: Services,
) -> None:
    decides = [name for name in Settings.model_fields if name.startswith("sentiment_")]
    told = [
        {name: services[one]["environment"].get(name.upper()) for name in decides}
        for one in ("worker", "worker-gpu", "init")
    ]
    assert told[0] == told[1] == told[2]


@pytest.mark.slow
def test_airflow_understands_how_the_workers_are_started(services: Services) -> None:
    """By its own parser, which answers to --help only after it took the words before it."""
    words = services["worker-gpu"]["command"]
    assert words[:3] == services["worker"]["command"][:3] == ["airflow", "celery", "worker"]
    environment = {**os.environ, "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
    asked = [sys.executable, "-m", "airflow", *words[1:], "--help"]
    answer = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    for option in (word for word in words if word.startswith("--")):
        assert option in answer.stdout


def test_the_exporter_is_the_one_that_make_run_starts_and_prometheus_shows_it_its_token(
    services: Services, compose: dict[str, Any]
) -> None:
    assert find_spec(services["exporter"]["command"][-1]) is not None
    config = paths.ROOT / "ops" / "prometheus"
    inside, beside = (
        yaml.safe_load((config / name).read_text())
        for name in ("compose.yml", "prometheus.yml")
    )
    assert inside["rule_files"] == beside["rule_files"]
    (scraped,) = inside["scrape_configs"]
    told = services["exporter"]["environment"]
    assert scraped["static_configs"] == [{"targets": [f"exporter:{told['METRICS_PORT']}"]}]
    assert scraped["authorization"]["credentials_file"] == told["METRICS_TOKEN_FILE"]
    assert services["prometheus"]["profiles"] == ["metrics"]
    for name in ("exporter", "prometheus"):
        assert services[name]["secrets"] == list(compose["secrets"]) == ["metrics_token"]


def test_every_chorus_command_in_it_is_one_of_the_command_line(services: Services) -> None:
    ours = {
        (group.name, command.callback.__name__)
        for group in app.registered_groups
        for command in group.typer_instance.registered_commands
    }
    script = services["init"]["command"][-1]
    asked = [
        line.partition("chorus ")[2].split()[:2]
        for line in script.splitlines()
        if "chorus " in line
    ]
    assert [words[1] for words in asked] == ["bootstrap", "migrate", "verify"]
    assert {tuple(words) for words in asked} <= ours


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
    assert told("DATABASE_PASSWORD") == OURS - {"exporter"}
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


def test_every_path_that_it_mounts_or_copies_is_in_the_repository(services: Services) -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    mounted = {source for service in services.values() for source in _bound(service)}
    for source in mounted | set(_copied()):
        path = source.removeprefix("./")
        assert any(file == path or file.startswith(f"{path}/") for file in tracked), source


def test_what_is_bound_to_a_name_is_a_volume_of_the_file(
    services: Services, compose: dict[str, Any]
) -> None:
    named = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if isinstance(volume, str) and not volume.startswith(".")
    }
    assert named == set(compose["volumes"])


def test_images_are_pinned_to_a_version(services: Services) -> None:
    base = next(line for line in _dockerfile() if line.startswith("FROM ")).split()[1]
    for image in {base, *(service["image"] for service in services.values())} - {
        "chorus:local"
    }:
        tag = image.partition(":")[2]
        assert sum(sign.isdigit() for sign in tag) >= 3, image
        assert "latest" not in tag


def test_only_the_ui_and_metabase_are_published_and_on_loopback(
    services: Services, compose: dict[str, Any]
) -> None:
    published = {
        name: service["ports"] for name, service in services.items() if "ports" in service
    }
    assert set(published) == {"api-server", "metabase"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "databases", "scheduler", "dag-processor", "prometheus"):
        assert services[name]["networks"] == ["inside"], name


def test_nobody_is_root_gains_privileges_or_takes_the_whole_machine(services: Services) -> None:
    for name, service in services.items():
        user, _, group = service["user"].partition(":")
        assert int(user) > 0, name
        assert int(group) > 0, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory"}, name
    assert "USER 50000:50000" in _dockerfile()


def test_the_page_says_how_much_memory_all_of_it_may_take(
    services: Services, operations: str
) -> None:
    limits = [
        service["deploy"]["resources"]["limits"]["memory"]
        for service in services.values()
        if service["restart"] != "no" and "profiles" not in service
    ]
    megabytes = sum(int(limit[:-1]) * (1024 if limit.endswith("g") else 1) for limit in limits)
    assert f"memory limits add up to {megabytes / 1024:g} GB" in operations


def test_whatever_keeps_running_says_whether_it_is_well(services: Services) -> None:
    for name, service in services.items():
        assert ("healthcheck" in service) == (service["restart"] != "no"), name


def test_the_image_holds_only_what_it_is_told_to(services: Services) -> None:
    ignored = (paths.ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    assert allowed == set(_copied())


def _bound(service: dict[str, Any]) -> list[str]:
    """What of the host a service sees."""
    sources = []
    for volume in service.get("volumes", []):
        source = volume["source"] if isinstance(volume, dict) else volume.partition(":")[0]
        sources.append(
            source.partition(":-")[2].rstrip("}") if source.startswith("$") else source
        )
    return [source for source in sources if source.startswith("./")]


def _copied() -> list[str]:
    lines = [shlex.split(line) for line in _dockerfile() if line.startswith("COPY ")]
    return [source for _, *sources, _ in lines for source in sources]


def _dockerfile() -> list[str]:
    return (paths.ROOT / "Dockerfile").read_text().splitlines()
