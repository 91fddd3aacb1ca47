"""The second sink: what was read, as files. The two do not need each other, and a rerun writes over what is there."""

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.errors import RawFilesFailed
from chorus.domain.window import Window
from chorus.pipelines import extract as pipeline
from chorus.pipelines.extract import extract, keep
from chorus.pipelines.look_again import look_again
from chorus.pipelines.replay import replay
from chorus.sources.mastodon_events import events_of
from chorus.sources.page import Page
from chorus.warehouse import raw_csv
from chorus.warehouse.dead_letters import Wanted
from chorus.warehouse.raw_files import RawFiles, name_of, safe_name

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
WINDOW = Window.back_from(NOON, timedelta(hours=6))


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running


@pytest.fixture
def target(network):
    return {
        "source": "mastodon",
        "instance": "mastodon.demo",
        "base_url": network.mastodon_url,
        "timeline": "hashtag",
        "name": "python",
    }


@pytest.fixture
def read(warehouse, warehouse_settings, target, tmp_path):
    def extract_again(kind="csv", run="run", folder=tmp_path / "data"):
        more = {"raw_files_format": kind, "data_dir": str(folder)}
        settings = warehouse_settings.model_copy(update=more)
        return extract(warehouse, settings, target, WINDOW, run)

    return extract_again


def in_files(folder):
    """(id, payload) of every row of every file."""
    rows = []
    for file in sorted(folder.rglob("*.csv.gz")):
        with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
            rows += [(row["id"], json.loads(row["payload"])) for row in csv.DictReader(lines)]
    for file in sorted(folder.rglob("*.parquet")):
        found = parquet.read_table(file).to_pylist()
        rows += [(row["id"], json.loads(row["payload"])) for row in found]
    return rows


def in_warehouse(connection):
    rows = connection.execute("select id::text, payload from bronze.raw_events").fetchall()
    connection.commit()
    return dict(rows)


@pytest.mark.parametrize(("kind", "suffix"), [("csv", ".csv.gz"), ("parquet", ".parquet")])
def test_the_same_records_lie_below_source_and_date(read, warehouse, tmp_path, kind, suffix):
    counts = read(kind)
    place = tmp_path / "data" / "mastodon" / "mastodon.demo" / "2026-03-10"
    files = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert {file.parent for file in files} == {place}
    assert all(file.name.endswith(suffix) for file in files)
    assert len(files) <= counts["pages"]
    assert dict(in_files(tmp_path / "data")) == in_warehouse(warehouse)


def test_reading_again_writes_over_what_is_there(read, tmp_path):
    read()
    files = {file.name: file.read_bytes() for file in (tmp_path / "data").rglob("*.gz")}
    once = in_files(tmp_path / "data")
    read(run="another")
    again = {file.name: file.read_bytes() for file in (tmp_path / "data").rglob("*.gz")}
    assert again.keys() == files.keys()
    assert in_files(tmp_path / "data") == once


def test_nothing_is_written_unless_it_is_asked_for(read, tmp_path):
    read("none")
    assert list(tmp_path.rglob("*.*")) == []


def test_files_that_cannot_be_written_cost_the_warehouse_nothing_and_a_rerun_heals_them(
    read, warehouse, tmp_path, monkeypatch
):
    write, written = raw_csv.write, []

    def full(sink, events, run):
        written.append(1)
        if len(written) in {3, 4}:
            sink.write(b"half a file")
            raise OSError(28, "No space left on device")
        write(sink, events, run)

    with monkeypatch.context() as patch:
        patch.setattr(raw_csv, "write", full)
        with pytest.raises(RawFilesFailed, match="No space left on device"):
            read()
    whole = in_warehouse(warehouse)
    assert len(in_files(tmp_path / "data")) < len(whole)
    assert list((tmp_path / "data").rglob(".*")) == []

    counts = read()
    assert counts["events_new"] < len(whole)
    assert dict(in_files(tmp_path / "data")) == in_warehouse(warehouse) == whole


def test_a_warehouse_that_fails_costs_the_files_nothing(read, tmp_path, monkeypatch):
    def fails(*_):
        raise ConnectionError("the warehouse is gone")

    monkeypatch.setattr(pipeline, "keep", fails)
    with pytest.raises(ConnectionError):
        read()
    assert len(in_files(tmp_path / "data")) > 0


def full_disk(sink, *_):
    raise OSError(28, "No space left on device")


def writing(settings, folder, **more):
    return settings.model_copy(
        update={"raw_files_format": "csv", "data_dir": str(folder), **more}
    )


def test_second_looks_are_files_too_and_one_that_cannot_be_written_is_still_due(
    read, warehouse, warehouse_settings, target, tmp_path, monkeypatch
):
    folder = tmp_path / "data"
    read("none")
    warehouse.execute(
        "update bronze.raw_events set observed_at = occurred_at, last_seen_at = occurred_at,"
        " id = uuidv4(), payload_hash = sha256(payload_hash) where event_type = 'status'"
    )
    warehouse.commit()
    waiting = in_warehouse(warehouse).keys()
    settings = writing(warehouse_settings, folder)
    later = NOON + timedelta(hours=3)
    with monkeypatch.context() as patch:
        patch.setattr(raw_csv, "write", full_disk)
        with pytest.raises(RawFilesFailed, match="the warehouse was not given it either"):
            look_again(warehouse, settings, target, "again", now=later)
    assert in_files(folder) == []
    assert in_warehouse(warehouse).keys() == waiting

    look_again(warehouse, settings, target, "again", now=later)
    of_the_run = warehouse.execute(
        "select id::text, payload from bronze.raw_events where pipeline_run_id = 'again'"
    ).fetchall()
    assert len(of_the_run) > 20
    assert dict(of_the_run).items() <= dict(in_files(folder)).items()


def test_letters_that_are_replayed_are_files_too_and_wait_while_these_cannot_be_written(
    warehouse, warehouse_settings, tmp_path, monkeypatch
):
    status = {"id": "1", "created_at": "never", "account": {"id": "7", "acct": "ana"}}
    page = Page.of(events_of(status, "a.example", NOON))
    keep(warehouse, warehouse_settings, page, "run")
    monkeypatch.setattr(
        "chorus.sources.mastodon_events.events_of",
        lambda one, *where: events_of(one | {"created_at": "2026-03-10T09:00:00Z"}, *where),
    )
    before = in_warehouse(warehouse)
    settings = writing(warehouse_settings, tmp_path / "data")
    with monkeypatch.context() as patch:
        patch.setattr(raw_csv, "write", full_disk)
        with pytest.raises(RawFilesFailed):
            replay(warehouse, settings, Wanted(), "again")
    assert in_warehouse(warehouse) == before

    assert replay(warehouse, settings, Wanted(), "again")["letters"] == 1
    found = dict(in_files(tmp_path / "data"))
    assert in_warehouse(warehouse) == before | found
    assert len(found.keys() - before.keys()) == 1


def test_pages_that_an_earlier_reading_had_more_of_are_removed(tmp_path):
    status = {"id": "1", "created_at": "2026-03-10T09:00:00Z", "account": {"id": "7"}}
    events = tuple(events_of(status, "a.example", NOON))

    def files(target):
        name = name_of(target, WINDOW)
        return RawFiles(tmp_path, raw_csv.SUFFIX, raw_csv.write, "mastodon", name, NOON.date())

    for name in ("a.example #x", "a.example #xy"):
        for page in range(1, 4):
            files(name).keep(events, page, "run")
    files("a.example #x").finish(2)
    assert len(list(tmp_path.rglob("*.gz"))) == 5


HOSTILE = st.text(min_size=1, max_size=400) | st.sampled_from(
    [
        ".",
        "..",
        "../..",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "con",
        "a\nb",
        "x" * 300,
        "%2E",
        "é" * 100,
    ]
)


@given(HOSTILE.filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)))
def test_a_name_stays_one_name_below_its_folder(text):
    name = safe_name(text)
    assert Path(name).name == name
    assert name not in {".", ".."}
    assert 0 < len(name.encode()) <= 120
    assert "\0" not in name
    assert "\n" not in name


@given(st.lists(HOSTILE, min_size=2, max_size=2, unique=True))
def test_other_texts_are_other_names(texts):
    def storable(text):
        return not any("\ud800" <= sign <= "\udfff" for sign in text)

    if all(map(storable, texts)):
        assert safe_name(texts[0]) != safe_name(texts[1])
