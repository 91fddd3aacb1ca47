"""Everything recorded from real servers, through the database."""

import json
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.identity import event_id, payload_hash

TOOTS = "transformed_toots_with_sentiment_data"
STATE = {
    TOOTS: "source, instance, id",
    "post_observations": "observation_id",
    "account_observations": "observation_id",
    "dead_letters": "id",
}


AS_TOLD = (
    "in_reply_to_id", "in_reply_to_account_id", "sensitive", "spoiler_text", "visibility", "language", "url",
    "replies_count", "reblogs_count", "favourites_count", "content", "application", "account", "media_attachments",
    "mentions", "tags", "emojis", "card", "poll", "quote",
)  # fmt: skip
MOMENTS = ("created_at", "edited_at")


@pytest.fixture
def recorded(corpora):
    """Each look once, under a host named after its recording; a boost and the boosted post apart."""
    lines = (corpora / "mastodon" / "statuses.jsonl").read_text().strip().split("\n")
    events = {}
    for number, line in enumerate(map(json.loads, lines)):
        status, instance = line["status"], line["source"].lower().replace(":", "-")
        boosted = status.get("reblog")
        parts = [("reblog" if boosted else "status", status)]
        parts += [("status", boosted)] if boosted else []
        for kind, post in parts:
            key = (instance, kind, post["id"], payload_hash(kind, post))
            events.setdefault(key, (number, instance, kind, post))
    return list(events.values())


def test_all_reach_the_table_and_again_shuffled_change_no_row(
    warehouse, transform, rows, recorded
):
    store(warehouse, recorded)
    first = transform("first", batch_size=50)
    before = state(rows)

    assert first.rejected == 0
    assert first.boosts == 7
    shown = {(row["instance"], row["id"]) for row in rows(TOOTS)}
    assert shown == {
        (instance, post["id"]) for _, instance, kind, post in recorded if kind == "status"
    }

    for seed in range(3):
        warehouse.execute("update bronze.raw_events set processed = false")
        random.Random(seed).shuffle(recorded)
        store(warehouse, recorded)
        again = transform(f"again {seed}", batch_size=[7, 100, 1000][seed])
        assert again.claimed == first.claimed
        assert state(rows) == before


def test_a_row_of_the_table_holds_what_its_status_says_polls_cards_and_quotes_included(
    warehouse, transform, rows, recorded
):
    store(warehouse, recorded)
    transform("run")
    told = defaultdict(list)
    for _, instance, kind, post in recorded:
        if kind == "status":
            told[instance, post["id"]].append(post)

    shown = rows(TOOTS)
    for row in shown:
        statuses = told[row["instance"], row["id"]]
        assert any(differences(row, post) == {} for post in statuses), [
            differences(row, post) for post in statuses
        ]
    for name in (*AS_TOLD, *MOMENTS):
        assert any(row[name] for row in shown), name


def differences(row, post):
    """What a row does not hold as its status says it; nothing said may be nothing shown."""
    found = {name: (row[name], post.get(name)) for name in AS_TOLD}
    found |= {
        name: (row[name], datetime.fromisoformat(post[name]) if post.get(name) else None)
        for name in MOMENTS
    }
    return {
        name: (shown, said)
        for name, (shown, said) in found.items()
        if shown != said and not (shown is None and said == "")
    }


def test_arriving_in_another_order_gives_the_same_table(warehouse, transform, rows, recorded):
    """The run that wrote a row, and surrogate keys, are all that may differ."""
    store(warehouse, recorded)
    transform("run")
    in_order = rows(f"select * from bronze.{TOOTS} order by source, instance, id")

    for seed in range(2):
        for table in ("raw_events", "post_observations", TOOTS):
            warehouse.execute(f"delete from bronze.{table}")
        random.Random(seed).shuffle(recorded)
        for start in range(0, len(recorded), 60):
            store(warehouse, recorded[start : start + 60])
            transform("run", batch_size=25)
        shown = rows(f"select * from bronze.{TOOTS} order by source, instance, id")
        assert shown == in_order


def state(rows):
    return {
        table: rows(f"select * from bronze.{table} order by {key}")
        for table, key in STATE.items()
    }


def store(connection, events):
    seen = datetime(2026, 12, 1, tzinfo=UTC)
    statement = """
        insert into bronze.raw_events (
            id, occurred_at, source, source_id, instance, event_type, post_id, payload, payload_hash,
            observed_at, last_seen_at, pipeline_run_id
        ) values (%s, %s, 'mastodon', %s, %s, %s, %s, %s, %s, %s, %s, 'extract')
        on conflict do nothing
    """
    created = [datetime.fromisoformat(post["created_at"]) for *_, post in events]
    connection.execute("select bronze.ensure_raw_events_weeks(%s::date[])", [created])
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                (
                    event_id("mastodon", instance, kind, post["id"], payload_hash(kind, post)),
                    at,
                    instance,
                    instance,
                    kind,
                    post["id"],
                    json.dumps(post),
                    payload_hash(kind, post),
                    seen + timedelta(minutes=number // 3),
                    seen + timedelta(minutes=number // 3),
                )
                for at, (number, instance, kind, post) in zip(created, events, strict=True)
            ],
        )
    connection.commit()
