"""Which looks are the same: the hash, and the id derived from it."""

import pytest

from chorus.domain.identity import canonical, event_id, payload_hash

POST = {
    "id": "1",
    "content": "<p>Hi</p>",
    "favourites_count": 3,
    "account": {"id": "7", "acct": "ana", "followers_count": 10},
    "poll": {"id": "2", "votes_count": 4, "voted": False, "own_votes": []},
}


@pytest.mark.parametrize(
    "change",
    [
        {"favourited": True},
        {"muted": True, "bookmarked": True, "reblogged": True, "pinned": True},
        {"filtered": [{"filter": {"id": "1"}}]},
        {"account": {"id": "7", "acct": "ana", "followers_count": 11}},
        {"poll": {"id": "2", "votes_count": 4, "voted": True, "own_votes": [0]}},
    ],
)
def test_what_says_nothing_about_the_post_is_not_in_its_hash(change):
    assert payload_hash("status", {**POST, **change}) == payload_hash("status", POST)


@pytest.mark.parametrize(
    "change",
    [
        {"favourites_count": 4},
        {"content": "<p>Ho</p>"},
        {"account": {"id": "8", "acct": "ana", "followers_count": 10}},
        {"poll": {"id": "2", "votes_count": 5, "voted": False, "own_votes": []}},
        {"something_new": 1},
    ],
)
def test_what_says_something_is(change):
    assert payload_hash("status", {**POST, **change}) != payload_hash("status", POST)


def test_an_account_is_hashed_with_its_counters_but_not_with_its_clock():
    account = POST["account"]
    assert payload_hash("account", {**account, "last_status_at": "2026-11-20"}) == payload_hash(
        "account", account
    )
    assert payload_hash("account", {**account, "followers_count": 11}) != payload_hash(
        "account", account
    )


def test_a_boosted_post_changes_without_its_boost():
    boost = {"id": "9", "reblog": {"id": "1", "favourites_count": 1}}
    later = {"id": "9", "reblog": {"id": "1", "favourites_count": 2}}
    assert payload_hash("reblog", boost) == payload_hash("reblog", later)


@pytest.mark.parametrize(
    ("quote", "later"),
    [
        (
            {"state": "accepted", "quoted_status": {"id": "1", "favourites_count": 1}},
            {"state": "accepted", "quoted_status": {"id": "1", "favourites_count": 2}},
        ),
        ({"id": "1", "favourites_count": 1}, {"id": "1", "favourites_count": 2}),
    ],
)
def test_a_quoted_post_changes_without_its_quote(quote, later):
    assert payload_hash("status", {"quote": quote}) == payload_hash("status", {"quote": later})


def test_the_order_of_keys_means_nothing():
    assert (
        canonical({"b": 1, "a": "ü"})
        == canonical({"a": "ü", "b": 1})
        == '{"a":"ü","b":1}'.encode()
    )


def test_an_id_identifies_where_and_what():
    ids = {
        event_id("mastodon", instance, kind, post, hashed)
        for instance in ("a.example", "b.example")
        for kind in ("status", "account")
        for post in ("1", "2")
        for hashed in (b"x", b"y")
    }
    assert len(ids) == 16
