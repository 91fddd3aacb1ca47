"""Takes one account out of bronze's tables, silver and gold, in one transaction that the caller commits.

Whatever is counted is counted down by the same signed deltas that a load makes, so that every rollup stays exact.
"""

from collections import Counter
from collections.abc import Sequence

from chorus.config import Settings
from chorus.warehouse import predictions
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen
from chorus.warehouse.gold import apply_rollups
from chorus.warehouse.silver import lock
from chorus.warehouse.statements import render

BEFORE = (
    "silver/batch/affected.sql",
    "silver/forget/affect.sql",
    "silver/batch/counted_before.sql",
    "silver/batch/count_before.sql",
    "silver/forget/neighbours.sql",
)
# Waits for the models that read one of theirs at this moment; so it comes before whatever these might wait for.
UNREAD = "bronze/posts_to_score/forget.sql"
REMOVALS = {
    "bronze/post_observations/forget.sql": "post_observations",
    "bronze/account_observations/forget.sql": "account_observations",
    "bronze/toots/forget.sql": "toots",
    "bronze/posts_to_load/forget.sql": "queued",
    "bronze/accounts_to_load/forget.sql": "queued",
    "silver/post_sentiments/forget.sql": "post_sentiments",
    "silver/forget/facts.sql": "posts",
    "silver/forget/contents.sql": "contents",
    "silver/forget/accounts.sql": "account_versions",
    "silver/forget/identities.sql": "account_identities",
}
AFTER = (
    "silver/batch/counted_after.sql",
    "silver/batch/fact_changes.sql",
    "silver/hashtag_hourly_stats/apply.sql",
    "silver/hashtag_hourly_accounts/prune.sql",
    "silver/hashtag_hourly_stats/prune.sql",
    "silver/hashtag_minute_stats/recompute.sql",
    "silver/hashtag_minute_stats/prune.sql",
)


def name_account(connection: Connection, settings: Settings, seen: Sequence[Seen]) -> None:
    """Take the load's lock, and say by `forgotten_accounts` and `forgotten_posts` what is to go."""
    lock(connection, settings)
    values = {
        "sources": [name.source for name in seen],
        "instances": [name.instance for name in seen],
        "account_ids": [name.account_id for name in seen],
        "account_uris": [name.account_uri for name in seen],
    }
    for file in ("make_accounts", "make_posts", "make_tags"):
        connection.execute(render(f"ops/erasures/{file}.sql", settings), values, prepare=False)


def remove_account(connection: Connection, settings: Settings) -> Counter[str]:
    """Remove what was named; returns how many rows of what."""
    counts: Counter[str] = Counter()
    values = {"visibilities": list(settings.include_visibilities)}
    counts["queued"] += connection.execute(render(UNREAD, settings), prepare=False).rowcount
    # Queued since, by a transaction that did not know yet, it may be read now, but nothing of it is written any more.
    predictions.hold(connection, settings)
    for file in BEFORE:
        connection.execute(render(file, settings), values, prepare=False)
    for file, what in REMOVALS.items():
        counts[what] += connection.execute(render(file, settings), prepare=False).rowcount
    for file in AFTER:
        connection.execute(render(file, settings), values, prepare=False)
    apply_rollups(connection, settings)
    for file in ("hashtags", "instances"):
        connection.execute(render(f"silver/forget/{file}.sql", settings), prepare=False)
    return counts
