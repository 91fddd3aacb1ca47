"""What the demo network says has the shape of what real servers were recorded saying."""

import json
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.demo.conftest import NOON
from tests.demo.test_paging import snowflake, walk_down

PUBLIC = "/api/v1/timelines/public"


def shapes(thing: Any, path: str, found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Path -> the JSON types seen there."""
    found[path].add(type(thing).__name__)
    if isinstance(thing, dict):
        for key, value in thing.items():
            shapes(value, f"{path}.{key}", found)
    if isinstance(thing, list):
        for value in thing:
            shapes(value, f"{path}[]", found)
    return found


def test_every_field_exists_on_real_servers_with_the_same_types(network, get, corpora: Path):
    real: dict[str, set[str]] = defaultdict(set)
    with (corpora / "mastodon" / "statuses.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            shapes(json.loads(line)["status"], "status", real)
    ours: dict[str, set[str]] = defaultdict(set)
    two_hours = {"since_id": snowflake(NOON - timedelta(hours=2))}
    for post in [
        *walk_down(get, network.mastodon_url + PUBLIC, **two_hours),
        *get(network.ulid_url + PUBLIC, limit=40),
    ]:
        shapes(post, "status", ours)

    assert len(ours) > 100
    assert {
        path: types - real[path] for path, types in ours.items() if types - real[path]
    } == {}
