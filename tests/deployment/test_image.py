"""What can be known of the Dockerfile without building it."""

import ast
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from chorus import paths
from tests.deployment.conftest import in_the_repository, is_pinned

LINES = (paths.ROOT / "Dockerfile").read_text().splitlines()


def copied() -> list[str]:
    lines = [shlex.split(line) for line in LINES if line.startswith("COPY ")]
    return [source for _, *sources, _ in lines for source in sources]


def test_it_begins_with_a_version_and_ends_with_a_user_who_is_not_root() -> None:
    [base] = [line.split()[1] for line in LINES if line.startswith("FROM ")]
    assert is_pinned(base)
    assert LINES[-1] == "USER 50000:50000"


def test_the_image_holds_only_what_it_is_told_to() -> None:
    assert all(in_the_repository(source) for source in copied())
    ignored = (paths.ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied())


def test_whatever_runs_in_it_is_what_the_project_asks_for() -> None:
    """It is installed without what tests and checks need."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    asked = {plain(re.split(r"[\[<>=~!]", one)[0]) for one in project["dependencies"]}
    brought = packages_distributions()
    strangers = {
        name: file
        for name, file in imported()
        if not {plain(one) for one in brought.get(name, [])} & asked
    }
    assert not strangers


def plain(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


def imported() -> Iterator[tuple[str, Path]]:
    for source in ("include", "dags", "plugins"):
        for file in (paths.ROOT / source).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                for name in modules(node):
                    if name not in {*sys.stdlib_module_names, "chorus"}:
                        yield name, file


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module.partition(".")[0]]
    return []
