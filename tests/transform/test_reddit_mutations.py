"""Recorded submissions and comments with fields left out and others in their place: each is a row or a letter."""

import json
import random

import pytest

from chorus.pipelines.extract import keep
from chorus.pipelines.gold import check_gold, refresh_views
from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.transform import transform_pending
from chorus.sources.page import Page
from chorus.sources.reddit_events import events_of
from tests.sql.threads.conftest import SEEN

KINDS = {"t3": "submission", "t1": "comment"}
ODD = (None, "", 0, -1, 1.5, True, [], {}, ["a"], {"a": 1}, "x" * 3000, "\x00", "\ud800")
ODDER = ("[deleted]", "[removed]", 10**12, 1e308, "1", "https://[", "/r/\n", 2.0**31)
MATTER = (
    "author",
    "subreddit",
    "created_utc",
    "name",
    "parent_id",
    "link_id",
    "media",
    "score",
)


def recorded(corpora):
    """Everything that any recorded answer holds, by kind."""
    found = {kind: [] for kind in KINDS}

    def gather(node):
        if isinstance(node, dict):
            if node.get("kind") in KINDS and isinstance(node.get("data"), dict):
                found[node["kind"]].append({**node["data"], "replies": ""})
            gather(list(node.values()))
        elif isinstance(node, list):
            for inside in node:
                gather(inside)

    for cassette in sorted((corpora / "reddit" / "cassettes").glob("*.json")):
        for interaction in json.loads(cassette.read_text())["interactions"]:
            body = interaction["response"]["body"]
            text = body.get("string", "") if isinstance(body, dict) else body
            if text[:1] in ("[", "{"):
                gather(json.loads(text))
    return found


def mutated(roll, thing):
    changed = dict(thing)
    for _ in range(roll.randint(1, 4)):
        field = roll.choice([*changed, *MATTER])
        if roll.random() < 0.4:
            changed.pop(field, None)
        else:
            changed[field] = roll.choice(ODD + ODDER)
    return changed


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_payload_lacks_or_holds_instead_it_is_a_row_or_a_letter(
    corpora, warehouse, warehouse_settings, seed
):
    roll, known = random.Random(seed), recorded(corpora)
    looks = [
        look
        for prefix, kind in KINDS.items()
        for _ in range(250)
        for look in events_of(
            kind, [mutated(roll, roll.choice(known[prefix]))], "reddit.com", SEEN
        )
    ]
    counts = keep(warehouse, warehouse_settings, Page.of(looks), "run/1")
    done = transform_pending(warehouse, warehouse_settings, "run/1", [])
    assert done.claimed == counts["events_new"]
    letters = warehouse.execute("select error from bronze.dead_letters").fetchall()
    assert len(letters) >= 50
    assert all(error and "unhashable" not in error for (error,) in letters)
    load_silver(warehouse, warehouse_settings, "run/1")
    check_silver(warehouse, warehouse_settings, whole=True)
    refresh_views(warehouse)
    check_gold(warehouse)
