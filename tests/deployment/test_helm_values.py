"""What can be known of the values for Airflow's Helm chart without helm and without a cluster."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
import yaml

from chorus import paths
from chorus.config import Settings

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
    assert values["images"]["airflow"]["tag"] == version("chorus")


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


def test_every_variable_is_a_setting(values: dict[str, Any]) -> None:
    lists = (values["env"], values["migrateDatabaseJob"]["env"])
    told = {one["name"] for variables in lists for one in variables}
    told |= {one["envName"] for one in values["secret"]}
    assert told <= {name.upper() for name in Settings.model_fields}


def test_no_secret_stands_in_it(values: dict[str, Any]) -> None:
    assert INLINE_SECRETS.isdisjoint(_keys(values))


def test_what_is_mounted_is_a_volume_of_the_same_group(
    values: dict[str, Any], gpu: dict[str, Any]
) -> None:
    for group in (values["workers"]["celery"], gpu, values["apiServer"]):
        volumes = {volume["name"] for volume in group["extraVolumes"]}
        assert volumes == {mount["name"] for mount in group["extraVolumeMounts"]}


def _keys(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _keys(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _keys(item)
