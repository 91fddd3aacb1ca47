"""What a contributor's change runs into: the workflows and the hook run what `.ci/run`, `make nightly` and `make check` run."""

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from chorus import paths

WORKFLOWS = sorted((paths.ROOT / ".github" / "workflows").glob("*.yml"))
EVERY_CHANGE, EVERY_NIGHT = WORKFLOWS
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)


def job_of(workflow: Path) -> dict[str, Any]:
    [only] = yaml.safe_load(workflow.read_text())["jobs"].values()
    assert isinstance(only, dict)
    return only


@every_workflow
@pytest.mark.skipif(
    find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)
def test_a_workflow_is_what_github_allows(workflow: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    subprocess.run([sys.executable, "-m", "check_jsonschema", *schema, workflow], check=True)


def test_what_every_landing_must_pass_runs_on_every_python_we_support() -> None:
    job = job_of(EVERY_CHANGE)
    [command] = [step["run"] for step in job["steps"] if "run" in step]
    assert command.endswith(" bash .ci/run")
    pythons = job["strategy"]["matrix"]["python"]
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    oldest, newest = (
        int(minor) for minor in re.findall(r"3\.(\d+)", project["requires-python"])
    )
    assert pythons == [f"3.{minor}" for minor in range(oldest, newest)]
    assert (
        f"(3, {oldest}) <= sys.version_info < (3, {newest})"
        in (paths.ROOT / "Makefile").read_text()
    )


def test_what_is_too_long_for_that_runs_every_night_with_all_that_the_tests_want() -> None:
    *_, packages, tests = [
        step["run"] for step in job_of(EVERY_NIGHT)["steps"] if "run" in step
    ]
    assert tests.endswith(" make nightly")
    wanted = re.search(r"for package in (.*); do", (paths.ROOT / ".ci" / "run").read_text())
    assert wanted
    assert set(wanted[1].split()) - {"python3-venv"} <= set(packages.split())


@every_workflow
def test_it_may_read_and_nothing_else_and_keeps_no_credentials(workflow: Path) -> None:
    job = job_of(workflow)
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}
    assert "permissions" not in job
    assert "secrets." not in workflow.read_text()
    [checkout] = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False


@every_workflow
def test_actions_are_pinned_to_a_commit_whose_version_stands_beside_it(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", workflow.read_text())
    assert used
    for action, comment in used:
        assert re.search(r"@[0-9a-f]{40}$", action), action
        assert re.search(r"# v\d+\.\d+\.\d+$", comment), action


def test_the_hook_before_a_commit_is_make_check() -> None:
    [repository] = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    [hook] = repository["hooks"]
    assert (hook["entry"], hook["pass_filenames"]) == ("make check", False)
    assert "\nmake check\n" in (paths.ROOT / ".ci" / "run").read_text()
