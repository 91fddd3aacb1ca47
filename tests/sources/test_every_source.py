"""What a source's recorded answers must come to, whichever source: each folder here with a reading.yaml is one.

Nothing of a source is named in this file, so a new one is tested by its folder alone. That of docs/add-a-source.md is
taken from the page, so that the page cannot go stale.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

import chorus.sources
from chorus import paths
from chorus.domain.errors import SourceChanged, SourceUnavailable
from chorus.domain.targets import read_targets
from chorus.domain.window import Window
from chorus.pipelines import sources
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.transform import transform_pending
from chorus.sources import http

PAGE = paths.ROOT / "docs" / "add-a-source.md"
FOLDERS = sorted(file.parent for file in Path(__file__).parent.glob("*/reading.yaml"))
EVERYTHING = re.compile(r".*")


class Recorded:
    """The answers of a folder, and the targets file that leads to them."""

    def __init__(self, folder, server, file):
        reading = yaml.safe_load((folder / "reading.yaml").read_text())
        self.source, self.server = folder.name, server
        self.answers = [json.loads(one.read_text()) for one in sorted(folder.glob("*.json"))]
        since, until = (
            datetime.fromisoformat(str(reading[edge])) for edge in ("since", "until")
        )
        self.window = Window(since, until)
        file.write_text(
            yaml.safe_dump({self.source: [reading["entry"] | {"base_url": server.url_for("")}]})
        )
        self.file = file

    def serve(self):
        for answer in self.answers:
            self.server.expect_ordered_request(EVERYTHING).respond_with_json(answer)


@pytest.fixture(params=FOLDERS, ids=[folder.name for folder in FOLDERS])
def recorded(request, httpserver, tmp_path, monkeypatch):
    name = request.param.name
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    if not (paths.INCLUDE / "chorus" / "sources" / f"{name}.py").exists():
        [source, *_] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
        (tmp_path / f"{name}.py").write_text(source)
        monkeypatch.setattr(
            chorus.sources, "__path__", [*chorus.sources.__path__, str(tmp_path)]
        )
    sources.find_source.cache_clear()
    yield Recorded(request.param, httpserver, tmp_path / "targets.yaml")
    sources.find_source.cache_clear()


@pytest.fixture
def settings(recorded, warehouse_settings):
    return warehouse_settings.model_copy(update={"targets_file": recorded.file})


@pytest.fixture
def target(recorded, settings):
    assert len(read_targets(recorded.file, sources.entry_of).all()) == 1
    [one] = list_targets(settings, recorded.source)
    return one


@pytest.fixture
def rows(warehouse):
    def ask(query):
        found = warehouse.execute(query).fetchall()
        warehouse.commit()
        return found

    return ask


def test_all_of_its_answers_get_into_silver_or_are_letters_and_again_change_nothing(
    recorded, target, settings, warehouse, rows
):
    silver = "select uri, content_text, created_at from dim_facts.dim_content order by uri"
    letters = "select event_type, post_id, error from bronze.dead_letters order by id"
    found = []
    for run in ("run/1", "run/2"):
        recorded.serve()
        counts = extract(warehouse, settings, target, recorded.window, run)
        assert counts["requests"] == len(recorded.answers)
        transform_pending(warehouse, settings, run, [])
        load_silver(warehouse, settings, run)
        check_silver(warehouse, settings, whole=True)
        found.append((rows(silver), rows(letters)))
    assert counts["events_new"] == 0
    assert found[0] == found[1]
    (posts, refused), *_ = found
    assert posts
    taken = rows("select count(*) from bronze.raw_events where event_type <> 'account'")
    assert taken[0][0] >= len(posts)
    assert all(error for *_, error in refused)
    inside = [created in recorded.window for *_, created in posts]
    assert any(inside)


def test_what_it_kept_before_it_was_killed_is_there_once(
    recorded, target, settings, warehouse, rows, monkeypatch
):
    from chorus.pipelines import extract as pipeline

    recorded.serve()
    names = "select event_type, post_id from bronze.raw_events order by 1, 2"
    keep, kept = pipeline.keep, []

    def dies(*how):
        kept.append(1)
        if len(kept) == len(recorded.answers):
            raise KeyboardInterrupt
        return keep(*how)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            extract(warehouse, settings, target, recorded.window, "run/1")
    before = rows(names)
    recorded.server.clear()
    recorded.serve()
    extract(warehouse, settings, target, recorded.window, "run/2")
    assert set(before) < set(rows(names))
    assert len(rows(names)) == len(set(rows(names)))


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"status": 503}, SourceUnavailable),
        ({"status": 429, "headers": {"Retry-After": "600"}}, SourceUnavailable),
        ({"response_data": "<html>"}, SourceChanged),
        ({"response_data": "7"}, SourceChanged),
        ({"response_data": "{}"}, SourceChanged),
    ],
    ids=["503", "429", "no JSON", "a number", "an empty object"],
)
def test_its_failures_have_names(recorded, target, settings, warehouse, answer, named):
    recorded.server.expect_request(EVERYTHING).respond_with_data(**answer)
    with pytest.raises(named):
        extract(warehouse, settings, target, recorded.window, "run/1")
