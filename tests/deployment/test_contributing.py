"""What a contributor's change runs into: the workflow and the hook run what `.ci/run` and `make check` run."""

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from chorus import paths

WORKFLOW = paths.ROOT / ".github" / "workflows" / "ci.yml"


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    [only] = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    assert isinstance(only, dict)
    return only


@pytest.mark.skipif(
    find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)
def test_the_workflow_is_what_github_allows() -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    subprocess.run([sys.executable, "-m", "check_jsonschema", *schema, WORKFLOW], check=True)


def test_it_runs_what_every_landing_must_pass_on_every_python_we_support(
    job: dict[str, Any],
) -> None:
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


def test_it_may_read_and_nothing_else_and_keeps_no_credentials(job: dict[str, Any]) -> None:
    assert yaml.safe_load(WORKFLOW.read_text())["permissions"] == {"contents": "read"}
    assert "permissions" not in job
    assert "secrets." not in WORKFLOW.read_text()
    [checkout] = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False


def test_actions_are_pinned_to_a_commit_whose_version_stands_beside_it() -> None:
    used = re.findall(r"uses: (\S+)(.*)", WORKFLOW.read_text())
    assert used
    for action, comment in used:
        assert re.search(r"@[0-9a-f]{40}$", action), action
        assert re.search(r"# v\d+\.\d+\.\d+$", comment), action


def test_the_hook_before_a_commit_is_make_check() -> None:
    [repository] = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    [hook] = repository["hooks"]
    assert (hook["entry"], hook["pass_filenames"]) == ("make check", False)
    assert "\nmake check\n" in (paths.ROOT / ".ci" / "run").read_text()
