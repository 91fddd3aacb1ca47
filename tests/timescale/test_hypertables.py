"""What TimescaleDB keeps, and that a week of it lives as a partition does."""

from datetime import UTC, date, datetime

from chorus.domain.events import RawEvent
from chorus.warehouse.catalogue import verify
from chorus.warehouse.raw_events import store

WEEK = date(2026, 11, 16)
CHUNKS = """
    select chunk_name, range_start, range_end, is_compressed
    from timescaledb_information.chunks where hypertable_name = 'raw_events'
"""


def look(content):
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return RawEvent(
        source="mastodon",
        source_id="here.example",
        instance="here.example",
        event_type="status",
        post_id="1",
        occurred_at=noon,
        observed_at=noon,
        payload={"content": content},
    )


def chunks(owner):
    return owner.execute(CHUNKS).fetchall()


def test_raw_events_and_snapshots_are_hypertables(owner):
    found = owner.execute("select hypertable_name from timescaledb_information.hypertables")
    assert {name for (name,) in found} >= {"raw_events", "post_metric_snapshots"}


def test_the_schema_is_what_the_migrations_make_elsewhere(warehouse_settings):
    assert verify(warehouse_settings) == []


def test_a_week_is_one_chunk_from_monday_to_monday_under_its_own_name(warehouse, owner):
    store(warehouse, [look("one")], "run")
    warehouse.commit()
    start = datetime(2026, 11, 16, tzinfo=UTC)
    end = datetime(2026, 11, 23, tzinfo=UTC)
    assert chunks(owner) == [("raw_events_2026w47", start, end, False)]


def test_a_week_that_has_cooled_is_compressed_and_a_late_row_opens_it(warehouse, owner):
    store(warehouse, [look("one")], "run")
    warehouse.commit()
    assert warehouse.execute("select bronze.cool_raw_events_week(%s)", [WEEK]).fetchone() == (
        True,
    )
    warehouse.commit()
    assert [is_compressed for *_, is_compressed in chunks(owner)] == [True]
    assert warehouse.execute("select count(*) from bronze.raw_events").fetchone() == (1,)
    store(warehouse, [look("two")], "run")
    warehouse.commit()
    assert [is_compressed for *_, is_compressed in chunks(owner)] == [False]
    assert warehouse.execute("select count(*) from bronze.raw_events").fetchone() == (2,)


def test_a_week_that_the_archive_holds_is_dropped(warehouse, owner):
    store(warehouse, [look("one")], "run")
    warehouse.execute("update bronze.raw_events set processed = true")
    warehouse.commit()
    held = warehouse.execute(
        "select rows, checksum from bronze.raw_events_checksum('bronze.raw_events_2026w47')"
    ).fetchone()
    released = "select bronze.release_raw_events_week(%s, %s, %s)"
    assert warehouse.execute(released, [WEEK, *held]).fetchone() == (True,)
    warehouse.commit()
    assert chunks(owner) == []
