"""Forgetting is killed at every step, each time taken up by the next try: in the end nothing of the account is left."""

import os
import signal
from datetime import timedelta
from importlib import import_module
from multiprocessing import get_context

import pytest
from upath import UPath

from chorus.pipelines.gold import check_gold
from chorus.pipelines.retention import retain
from chorus.pipelines.silver import check_silver
from chorus.warehouse.connection import connect
from tests.pipelines.forget.conftest import START
from tests.pipelines.forget.test_forget import (
    TALKATIVE,
    contents,
    everywhere,
    forget_them,
    wave,
    with_listening,
)
from tests.pipelines.test_raw_files import in_files

# What is about to be done when it dies, in the order in which forgetting does it.
PLACES = (
    "chorus.pipelines.forget:erasures.write",
    "chorus.pipelines.forget:note_beside_archive",
    "chorus.pipelines.forget:remove_account",
    "chorus.pipelines.forget:load_silver",
    "chorus.warehouse.silver:lock",
    "chorus.pipelines.forget:refresh_views",
    "chorus.pipelines.forget:write_summaries",
    "chorus.pipelines.forget:stage_verified",
    "chorus.pipelines.forget:write_verified",
    "chorus.pipelines.forget:remember",
    "chorus.pipelines.forget:forget_files",
    "chorus.pipelines.forget_files:rename_account",
    "os:fsync",
    "pathlib:Path.replace",
    "chorus.pipelines.forget:erasures.finish",
)


@pytest.mark.slow
def test_a_request_killed_at_every_step_leaves_nothing_of_the_account(
    warehouse_settings, listening, tmp_path
):
    files = {"raw_files_format": "csv", "data_dir": str(tmp_path / "data")}
    settings = with_listening(warehouse_settings, listening | files)
    archive = UPath(tmp_path / "archive")
    wave(settings, hours=1)
    with connect(settings) as connection:
        account, _ = connection.execute(TALKATIVE).fetchone()
        retain(connection, settings, archive, now=START + timedelta(days=400), dry_run=False)
    wave(settings, hours=1)
    assert account in contents(archive)
    leave_half_an_archive(archive)
    assert account in str(in_files(tmp_path / "data"))

    for place in PLACES:
        die_before(place, settings, archive, account)
    forget_them(settings, archive, account)

    assert everywhere(settings, account) == []
    assert account not in contents(archive)
    assert account not in str(in_files(tmp_path / "data"))
    assert [file for file in tmp_path.rglob("*") if account.encode() in told(file)] == []
    with connect(settings) as connection:
        check_silver(connection, settings, whole=True)
        check_gold(connection)
        query = "select count(*) from ops.erasures where finished_at is not null"
        assert connection.execute(query).fetchone() == (1,)


def leave_half_an_archive(archive):
    """What archiving leaves behind that is killed while it writes."""
    file = next(archive.glob("*.1.parquet"))
    half = file.read_bytes()[:-100]
    (archive / file.name.replace(".1.", ".9.")).write_bytes(half)


def told(file):
    return file.read_bytes() if file.is_file() else b""


def die_before(place, settings, archive, account):
    # Imports what it needs once, and not for every life.
    server = get_context("forkserver")
    server.set_forkserver_preload([__name__])
    once = server.Process(target=forget_until, args=(place, settings, str(archive), account))
    once.start()
    once.join(60)
    assert once.exitcode == -signal.SIGKILL, f"it never came to {place}"


def forget_until(place, settings, archive, account):
    module, _, name = place.partition(":")
    *owners, last = name.split(".")
    owner = import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    setattr(owner, last, die)
    forget_them(settings, UPath(archive), account)


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
