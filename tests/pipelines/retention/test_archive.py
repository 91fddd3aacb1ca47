"""Weeks of raw events cool, go to the archive, and come back as they were."""

from datetime import timedelta

import pytest

from chorus.domain.errors import ArchiveDamaged, ConfigurationError
from chorus.pipelines.archive import find_week, restore_week
from tests.pipelines.retention.conftest import NOW, event

OLD, WARM, HOT = 400, 200, 10


def test_a_week_cools_after_ninety_days_and_leaves_after_a_year(bronze):
    bronze.take_in(event("old", OLD), event("warm", WARM), event("hot", HOT))
    kept = [row for row in bronze.rows() if row[10] != "old"]

    counts = bronze.retain()

    assert counts["weeks_archived"] == 1
    assert counts["weeks_cooled"] == 1
    assert bronze.rows() == kept
    warm, hot = bronze.weeks().values()
    assert (len(warm), len(hot)) == (2, 4)
    assert bronze.retain().total() == 0


def test_a_pass_that_archives_nothing_keeps_what_it_cooled(bronze):
    bronze.take_in(event("warm", WARM))
    assert bronze.retain()["weeks_cooled"] == 1
    [indexes] = bronze.weeks().values()
    assert len(indexes) == 2
    assert bronze.retain().total() == 0


def test_what_comes_back_is_what_went(bronze):
    looks = [event(str(n), OLD, seen=n, n=n) for n in range(12_000)]
    bronze.take_in(*looks, event("0", OLD, seen=70_000, n=0))
    before = bronze.rows()
    bronze.retain()
    assert bronze.rows() == []
    [file] = bronze.archive.iterdir()

    week = find_week(bronze.connection, bronze.settings, file.name.split("_")[2].split(".")[0])
    assert restore_week(bronze.connection, bronze.settings, bronze.archive, week) == 12_000

    assert bronze.rows() == before
    bronze.connection.execute("update ops.archived_weeks set restored_at = %s", [NOW])
    assert bronze.retain()["weeks_archived"] == 0, "for a week it is left where it is"
    assert bronze.retain(NOW + timedelta(days=8))["weeks_archived"] == 1
    assert [file.name.split(".")[1] for file in bronze.archive.iterdir()] == ["2"]


def test_a_late_row_reopens_its_week_and_is_merged_at_the_next_pass(bronze):
    bronze.take_in(event("a", OLD), event("b", OLD))
    bronze.retain()
    again, late = event("a", OLD, seen=86_400), event("c", OLD)
    bronze.take_in(again, late)
    assert len(bronze.rows()) == 2

    assert bronze.retain()["weeks_archived"] == 1
    assert bronze.rows() == []
    assert len(list(bronze.archive.iterdir())) == 1
    restore_week(
        bronze.connection,
        bronze.settings,
        bronze.archive,
        find_week(bronze.connection, bronze.settings, "2025w42"),
    )
    spans = bronze.rows("select post_id, observed_at, last_seen_at from bronze.raw_events")
    assert [post for post, _, _ in spans] == ["a", "b", "c"]
    assert spans[0][1:] == (event("a", OLD).observed_at, again.observed_at)


def test_a_late_row_warms_its_week_up_until_the_next_pass(bronze):
    bronze.take_in(event("a", WARM))
    bronze.retain()
    bronze.take_in(event("b", WARM))
    [indexes] = bronze.weeks().values()
    assert len(indexes) == 4
    assert bronze.retain()["weeks_cooled"] == 1


def test_a_week_waits_until_all_of_it_is_transformed(bronze):
    bronze.take_in(event("a", OLD))
    bronze.connection.execute("update bronze.raw_events set processed = false")
    assert bronze.retain().total() == 0
    assert len(bronze.rows()) == 1


def test_a_week_that_changes_while_it_is_written_stays(bronze, owner, monkeypatch):
    from chorus.warehouse import parquet

    bronze.take_in(event("a", OLD))

    def meanwhile(file):
        owner.execute("update bronze.raw_events set last_seen_at = now()")
        return measure(file)

    measure = parquet.measure
    monkeypatch.setattr(parquet, "measure", meanwhile)
    counts = bronze.retain()
    assert (counts["weeks_in_use"], counts.total()) == (1, 1)
    assert len(bronze.rows()) == 1
    assert bronze.rows("select * from ops.archived_weeks") == []


def test_a_file_that_was_not_written_well_lets_nothing_go(bronze, monkeypatch):
    from chorus.warehouse import parquet

    bronze.take_in(event("a", OLD), event("b", OLD))
    monkeypatch.setattr(parquet, "measure", lambda _: parquet.Contents(2, b"another"))
    with pytest.raises(ArchiveDamaged, match=r"2025w42\.1\.parquet"):
        bronze.retain()
    assert len(bronze.rows()) == 2


def test_a_damaged_file_is_refused_and_named(bronze):
    bronze.take_in(*(event(str(n), OLD) for n in range(100)))
    bronze.retain()
    [file] = bronze.archive.iterdir()
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    file.write_bytes(bytes(damaged))
    week = find_week(bronze.connection, bronze.settings, "2025w42")
    with pytest.raises(ArchiveDamaged, match=r"2025w42\.1\.parquet"):
        restore_week(bronze.connection, bronze.settings, bronze.archive, week)
    assert bronze.rows() == []


def test_a_week_that_is_not_there_is_refused_with_those_that_are(bronze):
    bronze.take_in(event("a", OLD))
    bronze.retain()
    with pytest.raises(ConfigurationError, match="these are: 2025w42"):
        find_week(bronze.connection, bronze.settings, "2001w01")


def test_a_dry_run_counts_and_touches_nothing(bronze):
    bronze.take_in(event("old", OLD), event("warm", WARM), event("hot", HOT))
    before, weeks = bronze.rows(), bronze.weeks()
    assert bronze.retain(dry_run=True) == bronze.retain(dry_run=True)
    assert (bronze.rows(), bronze.weeks()) == (before, weeks)
    assert not bronze.archive.exists()
    assert bronze.retain()["weeks_archived"] == 1


def test_two_passes_at_once_are_one(bronze, owner):
    bronze.take_in(event("old", OLD))
    owner.execute("select pg_advisory_lock(hashtextextended('chorus retention', 0))")
    assert bronze.retain().total() == 0
    assert len(bronze.rows()) == 1


@pytest.mark.parametrize("address", ["memory://bucket/chorus", "{tmp_path}/archive"])
def test_the_task_s_archive_may_lie_anywhere_airflow_or_fsspec_reaches(
    bronze, tmp_path, address
):
    from chorus.orchestration.retention import archive_at

    bronze.archive = archive_at(address.format(tmp_path=tmp_path))
    bronze.take_in(event("a", OLD))
    before = bronze.rows()
    bronze.retain()
    bronze.take_in(event("late", OLD))
    bronze.retain()
    assert len(list(bronze.archive.iterdir())) == 1
    week = find_week(bronze.connection, bronze.settings, "2025w42")
    assert restore_week(bronze.connection, bronze.settings, bronze.archive, week) == 2
    assert before[0] in bronze.rows()
