"""The recorded trees of Reddit, in silver: Reddit's own depths, deleted comments in their place, orphans adopted."""

import json
import random

import pytest


@pytest.fixture(scope="module")
def trees(corpora):
    recorded = json.loads((corpora / "reddit" / "threads.json").read_text())
    # First come the answers that go on with a thread elsewhere, whose depths begin anew: of a comment that is in a whole
    # tree as well, the depth there is what counts.
    return [as_sent(tree) for tree in sorted(recorded, key=begins_anew, reverse=True)]


def begins_anew(tree):
    return "/_/" in tree["url"] and "context=" not in tree["url"]


def as_sent(tree):
    """The fields that were recorded, under the names that Reddit gives them."""
    submission = tree["submission"]
    sent = {**submission, "name": f"t3_{submission['id']}"}
    comments = [
        {
            **{name: comment[name] for name in comment if not name.startswith("depth_")},
            "name": f"t1_{comment['id']}",
            "subreddit": submission["subreddit"],
            "told_depth": None if begins_anew(tree) else comment["depth_reported"],
        }
        for comment in tree["comments"]
    ]
    return sent, comments


def is_rooted(comment, by_name):
    while comment["parent_id"] in by_name:
        comment = by_name[comment["parent_id"]]
    return comment["parent_id"].startswith("t3_")


def test_every_comment_is_as_deep_as_reddit_says(trees, read, places):
    submissions = {sent["id"]: sent for sent, _ in trees}
    by_name = {comment["name"]: comment for _, comments in trees for comment in comments}
    read(submissions.values(), by_name.values())
    found = places()

    told = {
        name: comment["told_depth"]
        for name, comment in by_name.items()
        if comment["told_depth"] is not None and is_rooted(comment, by_name)
    }
    assert len(trees) == 28
    assert len(told) > 2_000
    # Reddit counts from the first answers, we count the steps from the submission.
    assert {name: found[name][1] - 1 for name in told} == told
    assert all(found[name][0] == by_name[name]["link_id"] for name in told)
    nobodys = [name for name in told if by_name[name]["author"] in (None, "[deleted]")]
    assert len(nobodys) > 100


def test_in_whatever_order_pages_come_orphans_are_adopted(trees, read, places, warehouse):
    submission, comments = next(tree for tree in trees if 100 < len(tree[1]) < 150)
    pages = random.Random(7).sample(comments, len(comments))
    expected = {}
    above = {comment["name"]: comment["parent_id"] for comment in comments}
    for name in above:
        top, depth = name, 0
        while top in above:
            top, depth = above[top], depth + 1
        expected[name] = (top, depth)

    for start in range(0, len(pages), 40):
        read(comments=pages[start : start + 40])
    assert places() != expected
    read([submission])
    assert places() == {
        name: place for name, place in expected.items() if place[0] == submission["name"]
    }
