"""What can be known of docker-compose.yaml without a container engine."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from chorus import paths
from chorus.cli.main import app
from chorus.stack.airflow_components import COMMANDS
from tests.deployment.conftest import in_the_repository, is_pinned

Services = dict[str, dict[str, Any]]

OURS = {
    *("api-server", "scheduler", "dag-processor", "triggerer"),
    *("worker", "worker-gpu", "init", "exporter"),
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


def test_every_path_that_it_mounts_is_in_the_repository(services: Services) -> None:
    mounted = {source for service in services.values() for source in _bound(service)}
    assert mounted
    for source in mounted:
        assert in_the_repository(source.removeprefix("./")), source


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
    for image in {service["image"] for service in services.values()} - {"chorus:local"}:
        assert is_pinned(image), image


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


def _bound(service: dict[str, Any]) -> list[str]:
    """What of the host a service sees."""
    sources = []
    for volume in service.get("volumes", []):
        source = volume["source"] if isinstance(volume, dict) else volume.partition(":")[0]
        sources.append(
            source.partition(":-")[2].rstrip("}") if source.startswith("$") else source
        )
    return [source for source in sources if source.startswith("./")]
