"""Mastodon and Reddit in one warehouse: whatever the order and the batches, the same silver."""

import random
from datetime import timedelta

import pytest

from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.transform import transform_pending
from chorus.sources import mastodon_events, reddit_events
from chorus.warehouse import raw_events
from tests.sql.silver.natural import QUERIES, difference, naturally
from tests.sql.threads.conftest import SEEN
from tests.sql.threads.test_questions import comment, submission
from tests.transform.conftest import status

BRONZE = (
    "raw_events",
    "post_observations",
    "account_observations",
    "posts_to_load",
    "accounts_to_load",
)


def life(roll):
    """Looks at both platforms: edits, other scores, removals, answers before what they answer."""
    looks = []
    for number in range(2):
        for seen in range(3):
            looked = submission(number, score=roll.randint(-9, 99)) | {"num_comments": seen}
            looks.append(("submission", looked, seen))
    comments = []
    for number in range(25):
        link = f"t3_s{roll.randrange(2)}"
        mates = [link, *(c["name"] for c in comments if c["link_id"] == link)]
        comments.append(
            comment(number, roll.choice(mates), link, author=roll.choice(["ana", "bob"]))
        )
        for seen in range(roll.randint(1, 3)):
            changes = {"score": 100 * seen + roll.randrange(100)}
            if roll.random() < 0.2:
                changes |= {"body": "[removed]", "author": "[deleted]"}
            elif roll.random() < 0.3:
                changes |= {"body": f"edit {seen}", "edited": 1_785_001_000.0 + seen}
            looks.append(("comment", comments[-1] | changes, seen))
    for number in range(10):
        answers = str(roll.randrange(number)) if number and roll.random() < 0.6 else None
        for seen in range(roll.randint(1, 2)):
            counted = {
                "favourites_count": 10 * seen + roll.randrange(9),
                "in_reply_to_id": answers,
            }
            looks.append(("status", status(str(number), **counted), seen))
    return looks


@pytest.fixture
def loaded(warehouse, warehouse_settings, owner):
    """What silver holds after the looks came in these batches."""

    def load(batches):
        tables = [f"dim_facts.{table}" for table in QUERIES] + [
            f"bronze.{table}" for table in BRONZE
        ]
        owner.execute(f"truncate {', '.join(tables)}, {warehouse_settings.schemas['toots']}")
        for batch in batches:
            events = []
            for kind, payload, hours in batch:
                seen = SEEN + timedelta(hours=hours)
                events += (
                    mastodon_events.events_of(payload, "mastodon.example", seen)
                    if kind == "status"
                    else reddit_events.events_of(kind, [payload], "reddit.com", seen)
                )
            raw_events.store(warehouse, events, "run/1")
            warehouse.commit()
            transform_pending(warehouse, warehouse_settings, "run/1", [])
            load_silver(warehouse, warehouse_settings, "run/1")
        check_silver(warehouse, warehouse_settings, whole=True)
        return naturally(warehouse)

    return load


@pytest.mark.parametrize("seed", range(3))
def test_incremental_loads_leave_what_one_load_of_everything_leaves(loaded, seed):
    roll = random.Random(seed)
    looks = life(roll)
    whole = loaded([looks])
    shuffled = roll.sample(looks, len(looks))
    cuts = sorted(roll.sample(range(len(looks)), 5))
    parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    again = shuffled[:10]
    assert difference(whole, loaded([*parts, again])) == {}
    assert any("reddit.com" in row for row in whole["dim_content"])
    assert any("mastodon.example" in row for row in whole["dim_content"])
