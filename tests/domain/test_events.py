"""What bronze takes in, and what it says of the rest."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.domain.events import RawEvent, Rejected, json_or_bytes, take_in

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def taken(**changes):
    given = {
        "source": "mastodon",
        "source_id": "here.example",
        "instance": "here.example",
        "event_type": "status",
        "post_id": "1",
        "occurred_at": "2026-11-20T11:00:00.000Z",
        "observed_at": NOW,
        "payload": {"id": "1"},
    }
    return take_in(**{**given, **changes})


def test_a_good_look_is_an_event():
    event = taken()
    assert isinstance(event, RawEvent)
    assert event.occurred_at == NOW - timedelta(hours=1)
    assert taken(observed_at=NOW + timedelta(hours=1)).id == event.id


def test_however_deep_a_payload_is_it_is_an_event_or_a_letter():
    """What reads JSON, writes it and hashes it gives up at depths of its own."""
    ends = {}
    for depth in (*range(200, 1500), *range(2_000, 100_000, 7_000)):
        nested = deep = {}
        for _ in range(depth):
            deep["x"] = deep = {}
        ends.setdefault(type(taken(payload=nested)), []).append(depth)
    assert ends.keys() == {RawEvent, Rejected}
    assert max(ends[RawEvent]) < min(ends[Rejected])


@pytest.mark.parametrize(
    ("flaw", "sentence"),
    [
        ({"post_id": None}, "post_id: Input should be a valid string"),
        ({"post_id": ""}, "post_id: String should have at least 1 character"),
        ({"occurred_at": None}, "occurred_at: Input should be a valid datetime"),
        ({"occurred_at": "yesterday"}, "occurred_at: Input should be a valid datetime"),
        (
            {"occurred_at": "2026-11-20T11:00:00"},
            "occurred_at: Input should have timezone info",
        ),
        ({"occurred_at": "2004-12-31T23:59:59Z"}, "before 2005"),
        ({"occurred_at": "2026-11-21T12:00:01Z"}, "more than a day ahead"),
        ({"payload": {"content": "a\x00b"}}, "NUL character"),
        ({"payload": {"content": "\ud800"}}, "half of a surrogate pair"),
        ({"payload": {"content": "a", "filtered": ["\ud800"]}}, "half of a surrogate pair"),
        ({"payload": {"n": float("nan")}}, "not JSON compliant"),
        ({"payload": "a string"}, "payload: Input should be a valid dictionary"),
    ],
)
def test_what_bronze_refuses_is_kept_whole_with_the_reason(flaw, sentence):
    letter = taken(**flaw)
    assert isinstance(letter, Rejected)
    assert sentence in letter.error
    assert (
        letter.payload == flaw.get("payload", {"id": "1"}) or flaw["payload"] != flaw["payload"]
    )


@pytest.mark.parametrize("moment", ["2005-01-01T00:00:00Z", "2026-11-21T12:00:00Z"])
def test_the_edges_of_time_belong_to_it(moment):
    assert isinstance(taken(occurred_at=moment), RawEvent)


def test_text_that_shows_an_escape_is_no_nul():
    assert isinstance(taken(payload={"content": r"write \u0000, or \\u0000"}), RawEvent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(payload=JSON, post_id=JSON, occurred_at=JSON)
def test_nothing_a_server_sends_raises(payload, post_id, occurred_at):
    look = taken(payload=payload, post_id=post_id, occurred_at=occurred_at)
    assert isinstance(look, RawEvent | Rejected)
    text, raw = json_or_bytes(look.payload)
    assert (text is None) != (raw is None)


@given(value=JSON)
def test_json_that_can_be_held_is_held_as_json(value):
    text, raw = json_or_bytes(value)
    if text is not None:
        assert json.loads(text) == value
    else:
        assert raw


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", ""])
def test_a_letter_stands_under_no_name_that_the_warehouse_cannot_hold(name):
    look = taken(source_id=name, post_id=name)
    assert isinstance(look, Rejected)
    assert (look.source_id, look.post_id) == ("", None)
