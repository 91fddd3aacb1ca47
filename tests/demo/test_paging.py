"""Timelines are walked as Mastodon's are: each post once, newest first, in order of arrival."""

from datetime import timedelta

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.demo.life.ids import Snowflakes, Ulids
from chorus.demo.life.moments import milliseconds
from tests.demo.conftest import NOON

TAG = "/api/v1/timelines/tag/python"


def snowflake(moment) -> str:
    return str(milliseconds(moment) << 16)


def walk_down(get, url: str, **query) -> list[dict]:
    found, page = [], get(url, limit=40, **query)
    while page:
        found += page
        page = get(url, limit=40, **query, max_id=page[-1]["id"])
    return found


def walk_up(get, url: str, start: str, **query) -> list[dict]:
    found: list[dict] = []
    page = get(url, limit=40, **query, min_id=start)
    while page:
        found = page + found
        page = get(url, limit=40, **query, min_id=page[0]["id"])
    return found


@pytest.mark.parametrize("timeline", [TAG, "/api/v1/timelines/public"])
def test_down_with_max_id_and_up_with_min_id_give_each_post_once(network, get, timeline):
    url, start = network.mastodon_url + timeline, snowflake(NOON - timedelta(hours=9))

    down = walk_down(get, url, since_id=start)
    up = walk_up(get, url, start)

    ids = [int(post["id"]) for post in down]
    assert len(ids) > 100
    assert ids == sorted(set(ids), reverse=True)
    assert [post["id"] for post in up] == [post["id"] for post in down]


def test_min_id_begins_right_above_and_since_id_at_the_top(network, get):
    url, start = network.mastodon_url + TAG, snowflake(NOON - timedelta(hours=9))
    every = [post["id"] for post in walk_down(get, url, since_id=start)]

    above = [post["id"] for post in get(url, limit=5, min_id=every[20])]
    newest = [post["id"] for post in get(url, limit=5, since_id=every[20])]

    assert above == every[15:20]
    assert newest == every[:5]


def test_max_id_and_min_id_together_leave_what_lies_between(network, get):
    url, start = network.mastodon_url + TAG, snowflake(NOON - timedelta(hours=9))
    every = [post["id"] for post in walk_down(get, url, since_id=start)]

    between = get(url, max_id=every[3], min_id=every[10])

    assert [post["id"] for post in between] == every[4:10]


def test_links_lead_through_a_timeline_of_ulids_until_a_page_is_empty(network):
    url = f"{network.ulid_url}{TAG}?limit=15&min_id="
    start = Ulids().write((milliseconds(NOON - timedelta(days=2)), 0))
    upwards, response = [], requests.get(url + start, timeout=20)
    while response.json():
        upwards = [post["id"] for post in response.json()] + upwards
        response = requests.get(response.links["prev"]["url"], timeout=20)
    downwards, response = [], requests.get(f"{network.ulid_url}{TAG}?limit=15", timeout=20)
    while response.json() and response.json()[-1]["id"] > start:
        downwards += [post["id"] for post in response.json()]
        response = requests.get(response.links["next"]["url"], timeout=20)

    assert len(upwards) == len(set(upwards)) > 30
    assert downwards == [post_id for post_id in upwards if post_id in set(downwards)]
    assert upwards[: len(downwards)] == downwards


def test_a_page_holds_forty_at_most_and_twenty_unless_asked(network, get):
    url = network.mastodon_url + TAG
    assert [len(get(url)), len(get(url, limit=400)), len(get(url, limit=7))] == [20, 40, 7]


def test_a_window_of_last_year_is_read_by_its_snowflakes(network, get):
    edge = NOON - timedelta(days=365)
    url, query = network.mastodon_url + TAG, {"since_id": snowflake(edge - timedelta(hours=1))}

    posts = get(url, limit=40, max_id=snowflake(edge), **query)

    assert len(posts) > 3
    assert posts == get(url, limit=40, max_id=snowflake(edge), **query)


def test_timelines_are_in_order_of_arrival_not_of_creation(network, get):
    url = network.mastodon_url + "/api/v1/timelines/public"
    posts = walk_down(get, url, since_id=snowflake(NOON - timedelta(hours=2)))
    created = [post["created_at"] for post in posts]
    assert created != sorted(created, reverse=True)


def test_an_id_of_another_kind_of_server_is_refused_by_the_one_that_has_ulids(network):
    answer = requests.get(network.ulid_url + TAG, {"max_id": "1137"}, timeout=20)
    assert answer.status_code == 400


def test_nobody_uses_an_unknown_hashtag(network, get):
    assert get(network.mastodon_url + "/api/v1/timelines/tag/nosuchtag") == []


def test_local_remote_and_only_media_choose(network, get):
    url = network.mastodon_url + "/api/v1/timelines/public"
    assert all("@" not in post["account"]["acct"] for post in get(url, local="true"))
    assert all("@" in post["account"]["acct"] for post in get(url, remote="true"))
    assert all(post["media_attachments"] for post in get(url, only_media="true"))


@given(moment=st.integers(10**12, 2 * 10**12), salt=st.integers(0, 2**64 - 1))
@settings(max_examples=200, deadline=None)
def test_ids_are_read_as_they_were_written_and_sort_by_time(moment, salt):
    for ids in (Snowflakes(), Ulids()):
        position = ids.position(moment, salt)
        assert ids.read(ids.write(position)) == position
        assert ids.write(position) < ids.write(ids.position(moment + 1, 0))
