"""docs/operations.md holds an entry for whatever can go wrong, and names only commands that exist."""

import inspect
import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest
from cryptography.fernet import Fernet

from chorus import paths
from chorus.domain import errors
from chorus.domain.rules import RULES
from chorus.domain.thresholds import Thresholds
from chorus.pipelines.notify import Kind

CLASSES = [
    name
    for name, thing in inspect.getmembers(errors, inspect.isclass)
    if issubclass(thing, errors.ChorusError)
]
FAMILIES = {"ChorusError", "SourceError", "WarehouseError", "ModelError", "NotifyError"}


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_has_an_entry(name: str, operations: str) -> None:
    if name in FAMILIES:
        assert f"`{name}`" in operations.partition("### Families")[2]
        return
    entry = re.search(rf"^### {name}\n(.+?)(?=^##)", operations, re.MULTILINE | re.DOTALL)
    assert entry, (
        f"docs/operations.md has no entry for {name}: say what it means and what to do"
    )
    assert len(entry[1]) > 60


def test_every_entry_is_about_an_error_that_exists(operations: str) -> None:
    entries = re.findall(r"^### (\w+)\n", operations, re.MULTILINE)
    assert set(entries) | FAMILIES == set(CLASSES)


def test_every_kind_of_alert_has_an_entry(operations: str) -> None:
    alerts = operations.partition("## Alerts")[2].partition("\n## ")[0]
    entries = re.findall(r"^\| `(\w+)` \|", alerts, re.MULTILINE)
    assert sorted(entries) == sorted({*RULES, *get_args(Kind), *Thresholds.model_fields})


def test_every_alert_of_prometheus_has_an_entry(operations: str) -> None:
    rules = (paths.ROOT / "ops" / "prometheus" / "alerts.yml").read_text()
    entries = re.findall(r"^\| `(Chorus\w+)` \|", operations, re.MULTILINE)
    assert sorted(entries) == sorted(re.findall(r"alert: (\w+)", rules))


def test_every_threshold_stands_there_with_its_default(operations: str) -> None:
    for name, default in Thresholds():
        assert f"\n| `{name}` | {default:g} |" in operations, name


def test_every_section_is_in_the_list_of_contents(operations: str) -> None:
    contents, _, rest = operations.partition("\n## ")
    listed = re.findall(r"\[([^]]+)\]\(#", contents)
    assert sorted(listed) == sorted(re.findall(r"^## (.+)$", f"## {rest}", re.MULTILINE))


def test_an_entry_says_what_the_rule_says(operations: str) -> None:
    for rule in RULES.values():
        entry = re.search(rf"^\| `{rule.name}` \|.*$", operations, re.MULTILINE)
        assert entry
        assert rule.means.rstrip(".") in entry[0]
        assert rule.advice.rstrip(".") in entry[0]


def test_quickstart_makes_every_secret_that_compose_insists_on(
    variables: dict[str, set[str]], tmp_path: Path
) -> None:
    subprocess.run(["sh", paths.ROOT / "ops" / "passwords.sh"], cwd=tmp_path, check=True)
    made = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert set(made) == {
        name for name, rest in variables.items() if any(r.startswith(":?") for r in rest)
    } | {
        "DATABASE_OWNER_PASSWORD",
        "DATABASE_READER_PASSWORD",
        "DATABASE_MONITOR_PASSWORD",
        "METRICS_TOKEN",
    }
    assert len(set(made.values())) == len(made)
    Fernet(made["AIRFLOW_FERNET_KEY"])
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
