"""bronze.raw_events against an oracle in plain Python: the same looks in any order, any batches, leave the same."""

from datetime import UTC, datetime, timedelta
from itertools import count, groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.domain.events import RawEvent
from chorus.warehouse.raw_events import Stored, store
from chorus.warehouse.statements import render

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
names = count()

# D: the post was found deleted.
PAYLOAD = st.sampled_from("ABCD")
# Looks at one thing, each at its own second, in order of time.
HISTORY = st.lists(PAYLOAD, min_size=1, max_size=9)
ON_ONE_DATABASE = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def look(thing, content, second, **more):
    return RawEvent(
        source="mastodon",
        source_id="here.example",
        instance="here.example",
        event_type="deletion" if content == "D" else "status",
        post_id=thing,
        occurred_at=START,
        observed_at=START + timedelta(seconds=second),
        payload={"content": content, **more},
    )


def take_in(warehouse, thing):
    """What transform does with pending events: an observation for each look it is told of."""
    with warehouse.transaction():
        cursor = warehouse.execute(render("bronze/raw_events/claim.sql"), {"batch_size": 1000})
        columns = [column.name for column in cursor.description]
        claimed = [dict(zip(columns, row, strict=True)) for row in cursor]
        if claimed:
            warehouse.execute(
                render("bronze/raw_events/mark_processed.sql"),
                {
                    "ids": [event["id"] for event in claimed],
                    "occurred_ats": [event["occurred_at"] for event in claimed],
                    "first": START,
                    "last": START,
                },
            )
    return {
        (moment, event["id"])
        for event in claimed
        if event["post_id"] == thing
        for moment in (event["observed_at"], event["seen_again_at"])
        if moment is not None
    }


def spans(warehouse, thing):
    rows = warehouse.execute(
        "select payload ->> 'content', observed_at, last_seen_at from bronze.raw_events"
        " where post_id = %s",
        [thing],
    )
    return {row[0]: row[1:] for row in rows}


@given(history=HISTORY)
@ON_ONE_DATABASE
def test_looks_in_order_become_the_history_they_tell(warehouse, history):
    thing = f"post {next(names)}"
    observations = set()
    for second, payload in enumerate(history):
        store(warehouse, [look(thing, payload, second)], "run")
        observations |= take_in(warehouse, thing)

    expected = set()
    second = 0
    for payload, same in groupby(history):
        event = look(thing, payload, second)
        expected.add((event.observed_at, event.id))
        second += len(list(same))
    assert observations == expected


@given(history=HISTORY, data=st.data())
@ON_ONE_DATABASE
def test_looks_in_any_order_and_batches_end_as_the_last_one(warehouse, history, data):
    thing = f"post {next(names)}"
    looks = [look(thing, payload, second) for second, payload in enumerate(history)]
    arriving = data.draw(st.permutations(looks))
    observations = set()
    while arriving:
        size = data.draw(st.integers(1, len(arriving)))
        store(warehouse, arriving[:size], "run")
        arriving = arriving[size:]
        if data.draw(st.booleans()):
            observations |= take_in(warehouse, thing)
    observations |= take_in(warehouse, thing)

    for payload in set(history):
        seconds = [second for second, seen in enumerate(history) if seen == payload]
        first, last = (START + timedelta(seconds=s) for s in (min(seconds), max(seconds)))
        assert spans(warehouse, thing)[payload] == (first, last)
    assert observations <= {(event.observed_at, event.id) for event in looks}
    assert max(observations)[1] == looks[-1].id


@given(history=HISTORY, data=st.data())
@ON_ONE_DATABASE
def test_the_same_batches_again_leave_nothing_to_do(warehouse, history, data):
    thing = f"post {next(names)}"
    looks = [look(thing, payload, second) for second, payload in enumerate(history)]
    store(warehouse, looks, "run")
    take_in(warehouse, thing)
    before = spans(warehouse, thing)

    again = store(warehouse, data.draw(st.permutations(looks)), "another run")

    assert again == Stored(new=0, seen_again=len(set(history)))
    assert spans(warehouse, thing) == before
    assert take_in(warehouse, thing) == set()


def test_the_same_payload_again_is_only_a_later_last_look(warehouse):
    assert store(warehouse, [look("1", "A", 0)], "first") == Stored(new=1)
    take_in(warehouse, "1")

    assert store(warehouse, [look("1", "A", 60)], "second") == Stored(seen_again=1)

    assert take_in(warehouse, "1") == set()
    assert spans(warehouse, "1") == {"A": (START, START + timedelta(seconds=60))}


def test_a_payload_comes_back_as_it_came(warehouse):
    event = look("1", "<p>„Grüße“ \\u0000 😀</p>", 0, n=12345678901234567890, x=[None, 0.1])
    store(warehouse, [event], "run")

    assert warehouse.execute("select payload from bronze.raw_events").fetchone() == (
        event.payload,
    )


def test_a_batch_makes_the_weeks_it_needs(warehouse):
    old = look("old", "A", 0).model_copy(
        update={"occurred_at": datetime(2005, 1, 1, tzinfo=UTC)}
    )
    store(warehouse, [old, look("new", "A", 0)], "run")

    partitions = warehouse.execute(
        "select distinct tableoid::regclass::text from bronze.raw_events order by 1"
    ).fetchall()
    assert partitions == [("bronze.raw_events_2004w53",), ("bronze.raw_events_2026w45",)]


@pytest.mark.parametrize("first", ["one", "other"])
def test_two_writers_of_one_instance_take_turns(warehouse, warehouse_settings, first):
    from concurrent.futures import ThreadPoolExecutor

    from chorus.warehouse.connection import connect

    def write(name):
        with connect(warehouse_settings) as connection:
            for second in range(20):
                payload = "A" if (second % 2 == 0) == (name == first) else "B"
                store(connection, [look("1", payload, second)], name)
                connection.commit()

    with ThreadPoolExecutor(2) as writers:
        list(writers.map(write, ["one", "other"]))

    assert spans(warehouse, "1") == {
        "A": (START, START + timedelta(seconds=19)),
        "B": (START, START + timedelta(seconds=19)),
    }
