"""What the second sink wrote is rewritten without somebody who is forgotten, whatever it was written as."""

import os
import subprocess
from datetime import timedelta

import pytest
from upath import UPath

from chorus.domain.errors import RawFilesFailed
from chorus.domain.events import RawEvent
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.transform import transform_pending
from chorus.warehouse import raw_csv
from chorus.warehouse.connection import connect
from tests.pipelines.forget.conftest import START
from tests.pipelines.forget.test_forget import (
    TALKATIVE,
    forget_them,
    with_listening,
)
from tests.pipelines.test_raw_files import in_files

WINDOW = Window(START, START + timedelta(hours=2))


@pytest.fixture
def read(warehouse_settings, listening, network, tmp_path):
    """Read timelines into the warehouse and into files."""

    def read(kind="csv", timeline="hashtag", names=("python", "caturday", "music")):
        more = {"raw_files_format": kind, "data_dir": str(tmp_path / "data")}
        settings = with_listening(warehouse_settings, listening | more)
        place = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
        with connect(settings) as connection:
            for name in names:
                target = {"source": "mastodon", "timeline": timeline, "name": name, **place}
                extract(connection, settings, target, WINDOW, "run")
            transform_pending(connection, settings, "run", ())
        return settings

    return read


def most_talked_about(settings):
    with connect(settings) as connection:
        return connection.execute(TALKATIVE).fetchone()[0]


def events(settings):
    with connect(settings) as connection:
        rows = connection.execute("select id::text, payload from bronze.raw_events")
        return dict(rows.fetchall())


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_hold_what_the_warehouse_holds_when_somebody_was_forgotten(read, tmp_path, kind):
    settings = read(kind)
    account = most_talked_about(settings)
    before = dict(in_files(tmp_path / "data"))
    counted = forget_them(settings, UPath(tmp_path / "archive"), account, dry_run=True)
    assert dict(in_files(tmp_path / "data")) == before

    counts = forget_them(settings, UPath(tmp_path / "archive"), account)

    assert counts["events_in_files"] >= counts["raw_events"] > 0
    assert counts["mentions_in_files"] > 0
    assert {name: counted[name] for name in counts} == counts
    assert dict(in_files(tmp_path / "data")) == events(settings)
    assert account in str(before)
    assert account not in str(in_files(tmp_path / "data"))


def test_files_named_for_an_account_lose_its_name(read, tmp_path):
    settings = read()
    account = most_talked_about(settings)
    read(timeline="account", names=[account])
    assert list((tmp_path / "data").rglob(f"*@{account}-*"))

    forget_them(settings, UPath(tmp_path / "archive"), account)

    assert not list((tmp_path / "data").rglob(f"*{account}*"))


def test_what_a_dead_process_left_half_written_goes_and_a_living_one_s_stays(read, tmp_path):
    settings = read()
    dead = subprocess.Popen(["true"])
    dead.wait()
    [folder] = {file.parent for file in (tmp_path / "data").rglob("*.gz")}
    left, lives = (folder / f".a.csv.gz.{pid}.tmp" for pid in (dead.pid, os.getpid()))
    for file in (left, lives):
        file.write_bytes(b"ada")

    forget_them(settings, UPath(tmp_path / "archive"), "ada")

    assert not left.exists()
    assert lives.exists()


def test_a_file_that_cannot_be_read_is_named(read, tmp_path):
    settings = read()
    file = next((tmp_path / "data").rglob("*.gz"))
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(RawFilesFailed, match=f"{file.name}.* cannot be read"):
        forget_them(settings, UPath(tmp_path / "archive"), "ada")


def test_what_tells_that_a_post_of_theirs_is_gone_goes_with_it(read, tmp_path):
    settings = read(names=["python"])
    file = next((tmp_path / "data").rglob("*.gz"))
    with file.open("rb") as source:
        held, _ = raw_csv.read(source)
    said = next(event for event in held if event.event_type == "status")
    gone = said.model_copy(update={"event_type": "deletion", "payload": {"id": said.post_id}})
    with (file.parent / "again-p00001.csv.gz").open("wb") as sink:
        raw_csv.write(sink, [RawEvent.model_validate(gone.model_dump())], "run")

    author = said.payload["account"]["acct"]
    forget_them(settings, UPath(tmp_path / "archive"), author)

    assert not (file.parent / "again-p00001.csv.gz").exists()
