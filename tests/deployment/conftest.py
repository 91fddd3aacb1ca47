"""docker-compose.yaml as Compose reads it: anchors resolved; variables still to be filled in."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from chorus import paths

VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<rest>[^}]*)\}")


@pytest.fixture(scope="session")
def compose_text() -> str:
    return (paths.ROOT / "docker-compose.yaml").read_text()


@pytest.fixture(scope="session")
def compose(compose_text: str) -> dict[str, Any]:
    return yaml.safe_load(compose_text)


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


@pytest.fixture(scope="session")
def variables(compose_text: str) -> dict[str, set[str]]:
    """What the file takes from .env, with whatever follows each name: `:?...`, `:-...` or nothing."""
    found: dict[str, set[str]] = {}
    for variable in VARIABLE.finditer(compose_text):
        found.setdefault(variable["name"], set()).add(variable["rest"])
    return found


@pytest.fixture(scope="session")
def operations() -> str:
    return (paths.ROOT / "docs" / "operations.md").read_text()


def settings_passed_on(services: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every variable that a service takes from .env under its own name."""
    for service, described in services.items():
        for name, value in described.get("environment", {}).items():
            if value is None:
                yield service, name


def in_the_repository(path: str) -> bool:
    """A file of it, or a folder that holds some."""
    listed = subprocess.check_output(["git", "ls-files", path], cwd=paths.ROOT)
    return bool(listed)


def is_pinned(image: str) -> bool:
    tag = image.partition(":")[2]
    return "latest" not in tag and sum(sign.isdigit() for sign in tag) >= 3
