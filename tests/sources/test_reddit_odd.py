"""What nobody documents: answers that are no Reddit's at all, and trees that no thread has."""

import json

import pytest
from aiohttp import web

from chorus.domain.errors import SourceChanged, SourceError, SourceRefused
from tests.sources.test_reddit_failures import (
    _no_time_passes,  # noqa: F401
    listing,
    lists,
    read_all,
    read_well,
    replay,
    submission,
)

DEEP = 60_000


def gives(body, kind="application/json"):
    async def answer(_):
        return web.Response(body=body, headers={"Content-Type": kind})

    return answer


ODD = {
    "nothing": b"",
    "null": b"null",
    "HTML": b"<html>",
    "a number of many digits": b'{"data": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"data": "\xff\xfe"}',
    "deeper than anything": b"[" * DEEP + b"]" * DEEP,
    "no number": b'{"kind": "Listing", "data": {"after": null, "children": [NaN]}}',
    "more values than a page has": b'{"data": {"children": [0' + b",0" * 1_000_001 + b"]}}",
    "children that are none": b'{"data": {"children": {"0": {}}}}',
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_what_is_no_listing_is_an_answer_that_changed(gate, odd, kind):
    with replay(answers={"/r/well/new": gives(ODD[odd], kind)}) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert type(error) is SourceChanged, error
    assert "\n" not in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize(
    "token",
    [
        *ODD.values(),
        b"{}",
        b"[]",
        b'{"access_token": "x"}',
        b'{"access_token": "x", "expires_in": "soon", "scope": "*"}',
        b'{"access_token": 7, "expires_in": 86400, "scope": null}',
        b'{"error": "invalid_grant"}',
        b'{"error": 401}',
    ],
)
def test_a_sign_in_that_makes_no_sense_has_a_name(gate, token):
    with replay(answers={"/r/well/new": lists(submission(1))}, token=gives(token)) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert isinstance(error, SourceError), repr(error)
    assert isinstance(error, SourceChanged | SourceRefused), error
    assert "\n" not in str(error)


def comment(number, parent, **more):
    data = {
        "id": f"c{number}",
        "name": f"t1_c{number}",
        "parent_id": parent,
        "link_id": "t3_s1",
        "subreddit": "well",
        "author": None,
        "body": None,
        "created_utc": 1_768_000_000,
        "replies": "",
    }
    return {"kind": "t1", "data": data | more}


def tree(*things):
    return gives(json.dumps([listing(), listing(*things)]).encode())


def test_what_a_tree_may_hold_beside_comments_is_passed_by(gate):
    odd = [
        {"kind": "t5", "data": {}},
        {"kind": None, "data": {"x": 1}},
        comment(1, "t3_s1", replies=None),
        comment(2, "t3_s1", replies=[]),
        comment(3, "t3_s1", replies=7, name=None, id="c3"),
        {"kind": "more", "data": {"children": [], "count": 0, "parent_id": "t3_s1"}},
        {"kind": "more", "data": {"children": ["c1"], "count": None, "parent_id": None}},
    ]
    answers = {
        "/r/well/new": lists(submission(1, num_comments="many")),
        "/comments/s1": tree(*odd),
        "/api/morechildren": gives(b'{"json": {"errors": [["X"]], "data": {"things": []}}}'),
    }
    with replay(answers=answers) as (url, _):
        posts, counts = read_well(url, gate, comment_budget=None)
    assert posts == ["t3_s1", "t1_c1", "t1_c2", "t1_c3"]
    assert counts["folds_gone"] == 1


def test_folds_that_make_new_folds_for_ever_end_with_the_budget(gate):
    made = []

    async def another(_):
        made.append(len(made))
        fold = {"count": 9, "children": [f"x{len(made)}"], "parent_id": "t3_s1"}
        return web.json_response(
            {"json": {"data": {"things": [{"kind": "more", "data": fold}]}}}
        )

    first = {"kind": "more", "data": {"count": 9, "children": ["x"], "parent_id": "t3_s1"}}
    answers = {
        "/r/well/new": lists(submission(1, num_comments=9)),
        "/comments/s1": tree(first),
        "/api/morechildren": another,
    }
    with replay(answers=answers) as (url, _):
        posts, counts = read_well(url, gate)
    assert posts == ["t3_s1"]
    assert len(made) == 32
    assert counts["comments_left_folded"] >= 1


def test_a_listing_that_holds_what_it_should_not_is_letters_and_the_rest(gate):
    good = submission(1)
    odd = [
        {"kind": "t3", "data": {}},
        {"kind": "t1", "data": {"name": "t1_c1", "created_utc": 1_768_000_000}},
        submission(2, created=None),
        submission(3, created="1768000000"),
        submission(4, created=1e300),
        submission(5, author=["ana"]),
        submission(6, title={"a": 1}),
        submission(7, id="../../x"),
        submission(8, id=8, num_comments=2),
    ]
    with replay(answers={"/r/well/new": lists(*odd, good)}) as (url, _):
        posts, _ = read_well(url, gate)
    assert "t3_s1" in posts
