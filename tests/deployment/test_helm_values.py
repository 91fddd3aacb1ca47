"""What can be known of the values for Airflow's Helm chart without helm and without a cluster."""

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow.executors.executor_loader import ExecutorLoader

from chorus import paths
from chorus.cli.main import app
from chorus.config import Settings
from tests.conftest import settings_for_tests

IMAGE = paths.ROOT / "ops" / "image"
INLINE_SECRETS = {"pass", "password", "fernetKey", "apiSecretKey", "jwtSecret", "brokerUrl"}


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (paths.ROOT / "ops" / "helm-values.yaml").read_text()
    )
    return loaded


@pytest.fixture(scope="module")
def gpu(values: dict[str, Any]) -> dict[str, Any]:
    (only,) = values["workers"]["celery"]["sets"]
    assert isinstance(only, dict)
    return only


def test_it_asks_for_the_airflow_that_the_lock_names(values: dict[str, Any]) -> None:
    assert values["airflowVersion"] == version("apache-airflow")
    assert values["defaultAirflowTag"] == version("chorus")


@pytest.mark.parametrize("executor", ["CeleryExecutor", "KubernetesExecutor"])
def test_the_same_image_serves_both_executors(executor: str) -> None:
    module = ExecutorLoader.executors[executor].rpartition(".")[0]
    assert find_spec(module) is not None


def test_the_mood_is_read_on_nodes_with_a_gpu_and_nothing_else_is(
    values: dict[str, Any], gpu: dict[str, Any]
) -> None:
    told = {one["name"]: one["value"] for one in values["env"]}
    # Told to all: it decides the precision, which is part of the key by which a post is queued and its mood shown.
    assert told["SENTIMENT_DEVICE"] == "cuda"
    assert "env" not in gpu
    assert told["SENTIMENT_QUEUE"] == gpu["queue"] != values["workers"]["celery"]["queue"]
    assert f"--queues {gpu['queue']} " in gpu["args"][-1]
    assert gpu["nodeSelector"]
    assert gpu["resources"]["limits"]["nvidia.com/gpu"] == 1


def test_every_variable_is_a_setting_whose_value_any_pod_takes(values: dict[str, Any]) -> None:
    secrets = {one["envName"] for one in values["secret"]}
    secrets |= {one["name"] for one in values["migrateDatabaseJob"]["env"]}
    assert secrets <= {name.upper() for name in Settings.model_fields}
    told = {one["name"].lower(): one["value"] for one in values["env"]}
    assert told.keys() <= Settings.model_fields.keys()
    assert settings_for_tests(**told).uses_demo_network is False


def test_the_warehouse_is_migrated_before_what_everything_waits_for(
    values: dict[str, Any],
) -> None:
    words = shlex.split(values["migrateDatabaseJob"]["args"][-1])
    *ours, airflow = " ".join(words).split(" && ")
    groups = {
        group.name: {
            command.callback.__name__ for command in group.typer_instance.registered_commands
        }
        for group in app.registered_groups
    }
    assert all(command.split()[2] in groups[command.split()[1]] for command in ours)
    assert airflow == "exec airflow db migrate"


def test_airflow_may_write_to_its_file_of_passwords(values: dict[str, Any]) -> None:
    file = values["config"]["core"]["simple_auth_manager_passwords_file"]
    [secret] = values["apiServer"]["extraVolumeMounts"]
    assert not file.startswith(secret["mountPath"])
    copied, to = values["apiServer"]["args"][-1].split(" && ")[0].split()[-2:]
    assert f"{to}{copied.rpartition('/')[2]}" == file
    made = (paths.ROOT / "Dockerfile").read_text()
    assert to.rstrip("/") in made.partition("--owner=chorus")[2].partition("&&")[0]


def test_no_secret_stands_in_it(values: dict[str, Any]) -> None:
    assert INLINE_SECRETS.isdisjoint(_keys(values))


def test_what_is_mounted_is_a_volume(values: dict[str, Any]) -> None:
    server = values["apiServer"]
    for volumes, mounts in (
        (values["volumes"], values["volumeMounts"]),
        (server["extraVolumes"], server["extraVolumeMounts"]),
    ):
        assert {volume["name"] for volume in volumes} == {mount["name"] for mount in mounts}


def test_the_page_on_scaling_names_whatever_must_be_there(values: dict[str, Any]) -> None:
    page = (paths.ROOT / "docs" / "scaling.md").read_text()
    for name in _names(values):
        assert f"`{name}`" in page, name


def test_the_image_holds_what_the_chart_calls(tmp_path: Path) -> None:
    passed_on = subprocess.check_output([IMAGE / "entrypoint", "printf", "%s", "two words"])
    assert passed_on == b"two words"

    old, new = tmp_path / "logs" / "a run" / "old.log", tmp_path / "logs" / "new.log"
    for file in (old, new):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    long_ago = time.time() - 4 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    # It goes on for ever, so its first pause ends it.
    pause = tmp_path / "sleep"
    pause.write_text("#!/bin/sh\necho $1\nkill $PPID\n")
    pause.chmod(0o755)
    told = {
        "PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]]),
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__LOG_RETENTION_DAYS": "2",
    }
    cleaned = subprocess.run(
        ["bash", IMAGE / "clean-logs"], env=told, capture_output=True, text=True, check=False
    )
    assert cleaned.stdout == "900\n", cleaned.stderr
    assert (old.exists(), new.exists()) == (False, True)


def _keys(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _keys(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _keys(item)


def _names(tree: Any) -> Iterator[str]:
    """Of Secrets, ConfigMaps and claims."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key.endswith(("SecretName", "secretName", "claimName")):
                yield value
            elif key == "configMap":
                yield value["name"]
            else:
                yield from _names(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _names(item)
