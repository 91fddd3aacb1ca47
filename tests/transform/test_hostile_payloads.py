"""Payloads that nobody would send on purpose: none raises past the boundary, none vanishes."""

import copy
import json
import os
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.domain.events import storable, take_in
from chorus.pipelines.extract import keep
from chorus.pipelines.gold import check_gold, refresh_views
from chorus.pipelines.silver import load_silver
from chorus.sources.page import Page
from chorus.transform.clean import clean
from chorus.transform.rows import Event

SEEN = datetime(2026, 12, 1, tzinfo=UTC)
AT_ONCE = 10
EXAMPLES = 1000 if os.environ.get("CHORUS_REQUIRE_ALL") else 50
HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 2**31, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**63) - 1, 10**400]),
    st.floats(),
    st.text(alphabet=st.characters(exclude_categories=[]), max_size=20),
    st.sampled_from(
        [
            "\x00", "a\x00b", "\ud800", "\udfff<p>", "&#0;", "&#xD800;", "<" * 3000, "9" * 5000, "\u202e", "%s",
            "{{ x }}", "'; drop table bronze.raw_events; --", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00",
            "2026-13-01", "x" * 3000, "日" * 1000, "\\u0000", "\\", "\\N", "\t\r\n", "{a,b}", "NULL", "",
        ]
    ),
    st.sampled_from([[], {}, [[]], [None], [1, "x"], {"a": {"b": []}}, [{}], [{"name": 1}], {"id": []}]),
)  # fmt: skip


def places(value, path=()):
    """Every path into a payload."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


@st.composite
def mutated(draw):
    """A status, an account or a boost with something in it replaced, taken out or repeated."""
    payload = copy.deepcopy(draw(st.sampled_from(BASES)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([p for p in places(payload) if p] or [()]))
        if not path:
            return payload
        holder = payload
        for step in path[:-1]:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "remove", "repeat"])):
            case "replace":
                holder[path[-1]] = copy.deepcopy(draw(HOSTILE))
            case "remove":
                del holder[path[-1]]
            case "repeat":
                again = draw(st.integers(0, 5))
                holder[path[-1]] = [copy.deepcopy(holder[path[-1]]) for _ in range(again)]
    return payload


ACCOUNT = {
    "id": "7", "username": "ana", "acct": "ana", "display_name": "Ana", "bot": False, "locked": False,
    "created_at": "2020-01-01T00:00:00.000Z", "url": "https://a.example/@ana", "uri": "https://a.example/users/ana",
    "followers_count": 10, "following_count": 20, "statuses_count": 30, "fields": [{"name": "x", "value": "y"}],
}  # fmt: skip
STATUS = {
    "id": "1", "created_at": "2026-08-01T10:00:00.000Z", "in_reply_to_id": "5", "in_reply_to_account_id": "6",
    "sensitive": False, "spoiler_text": "careful", "visibility": "public", "language": None, "edited_at": None,
    "uri": "https://a.example/users/ana/statuses/1", "url": "https://a.example/@ana/1", "replies_count": 1,
    "reblogs_count": 2, "favourites_count": 3, "content": "<p>Hello <b>world</b> &amp; all</p>", "reblog": None,
    "application": {"name": "Web"}, "account": ACCOUNT, "emojis": [{"shortcode": "cat"}], "card": {"url": "u"},
    "media_attachments": [{"id": "1", "type": "image", "url": "u", "meta": {"focus": {"x": 0.0}}}],
    "mentions": [{"id": "2", "acct": "bo", "url": "https://b.example/@bo"}], "poll": {"options": [{"title": "a"}]},
    "tags": [{"name": "Café", "url": "u"}], "quote": {"state": "accepted", "quoted_status": {"id": "3"}},
}  # fmt: skip
BASES = [STATUS, ACCOUNT, {**STATUS, "reblog": STATUS}, {"id": "1", "http_status": 404}]
TYPES = st.sampled_from(["status", "status", "status", "account", "reblog", "deletion"])
# An empty object is no payload of a server's: it is what REDACT_DELETED leaves of one.
EVENTS = st.lists(st.tuples(TYPES, mutated().filter(bool)), min_size=AT_ONCE, max_size=AT_ONCE)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(events=EVENTS)
def test_every_mutated_payload_ends_as_a_row_a_letter_or_a_counted_boost(events):
    claimed = [
        event(number, kind, json.dumps(payload))
        for number, (kind, payload) in enumerate(events)
    ]
    cleaned = clean(claimed, (1, 2, 3), detect=lambda _: None)

    ended = [row.raw_event_id for row in (*cleaned.posts, *cleaned.accounts, *cleaned.letters)]
    assert len(ended) == len(set(ended))
    assert len(ended) + cleaned.boosts == AT_ONCE
    assert all(letter.error for letter in cleaned.letters)
    for row in (*cleaned.posts, *cleaned.accounts, *cleaned.letters):
        assert all(storable(value) for value in row if isinstance(value, str))


def generated():
    """The same payloads, to be taken in many at a time: with a round trip for each it would take minutes."""
    payloads = []

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(events=EVENTS)
    def collect(events):
        payloads.extend(events)

    collect()
    return payloads


def test_none_of_them_is_lost_on_its_way_through_the_warehouse_or_holds_silver_and_gold_up(
    warehouse, warehouse_settings, transform, rows
):
    payloads = generated()
    looks = [look(number, kind, payload) for number, (kind, payload) in enumerate(payloads)]

    for some in batched(looks, 500):
        keep(warehouse, warehouse_settings, Page.of(some), "run")
    counts = transform()

    assert len(payloads) >= EXAMPLES * AT_ONCE
    tables = ("raw_events", "post_observations", "account_observations", "dead_letters")
    kept = {table: len(rows(table)) for table in tables}
    refused = rows("select count(*) from bronze.dead_letters where stage = 'extract'")[0][
        "count"
    ]
    assert kept["raw_events"] + refused == len(payloads)
    assert counts.claimed == kept["raw_events"] > refused > 0
    assert sum(kept.values()) - kept["raw_events"] + counts.boosts == len(payloads)
    assert rows("select from bronze.raw_events where not processed") == []

    settings = warehouse_settings.model_copy(update={"sentiment_backend": "vader"})
    loaded = load_silver(warehouse, settings, "run")
    refresh_views(warehouse, settings)
    check_gold(warehouse, settings)
    assert loaded["posts"] >= len(rows("select distinct uri from bronze.post_observations"))


def look(number, kind, payload):
    """As a source hands it over, under a name of its own."""
    return take_in(
        source="mastodon", source_id="a.example", instance="a.example", event_type=kind, payload=payload,
        post_id=str(number), occurred_at=SEEN, observed_at=SEEN,
    )  # fmt: skip


def batched(things, size):
    return (things[start : start + size] for start in range(0, len(things), size))


@pytest.mark.parametrize(
    "payload",
    [
        "[" * 100_000 + "]" * 100_000,
        "[1, 2]",
        '"text"',
        "null",
        '{"id": 1e999}',
        '{"id": ' + "9" * 10_000 + "}",
        "not JSON",
        "",
    ],
)
def test_what_is_no_payload_at_all_is_a_letter(payload):
    [letter] = clean([event(1, "status", payload)], (1, 2, 3)).letters
    assert letter.error


def event(number, kind, payload):
    return Event(
        UUID(int=number), SEEN, "mastodon", "a.example", "a.example", kind, str(number), SEEN, None, None, payload
    )  # fmt: skip
