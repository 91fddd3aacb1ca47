"""docs/add-a-source.md, its last part: credentials and rules stand in the source's file, and nowhere else."""

import re
import sys
from datetime import UTC, datetime

import pytest
import yaml

import chorus.sources
from chorus import paths
from chorus.config import read_settings
from chorus.pipelines import sources
from chorus.pipelines.extract import list_targets
from chorus.pipelines.transform import transform_pending
from chorus.warehouse import raw_events

PAGE = paths.ROOT / "docs" / "add-a-source.md"
NAME = "hackernews"


@pytest.fixture(autouse=True)
def _source(tmp_path, monkeypatch):
    source, _, more = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / f"{NAME}.py").write_text(source + more)
    monkeypatch.setattr(chorus.sources, "__path__", [*chorus.sources.__path__, str(tmp_path)])
    # Without that part it is another file of the same name, which another test reads.
    _forget()
    yield
    _forget()


def _forget():
    sys.modules.pop(f"chorus.sources.{NAME}", None)
    sources.find_source.cache_clear()


@pytest.fixture
def targets(tmp_path):
    file = tmp_path / "targets.yaml"
    file.write_text(yaml.safe_dump({NAME: [{"query": "postgresql"}]}))
    return file


def test_without_its_credentials_it_is_left_out_and_a_sentence_says_why(targets, caplog):
    assert list_targets(read_settings(targets_file=targets), NAME) == []
    [said] = [one.message for one in caplog.records]
    assert said.startswith("Hacker News is not read: it wants its key")


def test_they_are_given_together_with_those_of_others(targets, monkeypatch):
    monkeypatch.setenv("SOURCE_CREDENTIALS", "elsewhere.token=x, hackernews.key=open=sesame")
    settings = read_settings(targets_file=targets)
    assert settings.credentials(NAME, ["key"]) == {"key": "open=sesame"}
    assert "sesame" not in repr(settings)
    [target] = list_targets(settings, NAME)
    assert target["name"] == "postgresql"


def test_or_by_an_airflow_connection_called_after_it(monkeypatch):
    from chorus.orchestration.credentials import with_credentials

    monkeypatch.setenv("AIRFLOW_CONN_CHORUS_HACKERNEWS", "http://:open,sesame@news.example")
    settings = with_credentials(read_settings(), NAME)
    assert settings.credentials(NAME, ["key"]) == {"key": "open,sesame"}
    assert with_credentials(read_settings(), "mastodon").source_credentials is None


def test_its_rules_make_letters_of_what_breaks_them(warehouse, warehouse_settings):
    made = sources.find_source(NAME)
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    hit = {"author": "ana", "title": "Hello", "created_at": "2026-03-01T12:00:00Z"}
    for number in ("1", "two"):
        looks = made.looks(hit | {"objectID": number}, "news.ycombinator.com", seen)
        raw_events.store(warehouse, list(looks), "run/1")
    warehouse.commit()
    transform_pending(warehouse, warehouse_settings, "run/1", [])
    letters = warehouse.execute(
        "select post_id, error_class, error from bronze.dead_letters"
    ).fetchall()
    assert letters == [("two", "QualityRule", "its id is no number")]
    taken = warehouse.execute("select post_id from bronze.post_observations").fetchall()
    assert taken == [("1",)]
