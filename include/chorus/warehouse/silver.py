"""Loads one batch of silver: every touched post and account as all that was ever observed of it says.

Nothing here adds to what is there: each post and each account's history is worked out from bronze as a whole, so any
order and batching of the same observations gives the same rows. The statements stand in files, one each, and run in
the order of `STATEMENTS`, in one transaction, over temporary tables that end with it.
"""

from collections import Counter
from collections.abc import Mapping

from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

BATCH_SIZE = 100_000
# With the schema before it, the name of the lock that loads take turns by.
LOCK_NAME = " load"

TABLES = (
    "silver/batch/touched.sql",
    "silver/batch/touched_accounts.sql",
    "silver/batch/looks.sql",
    "silver/batch/affected.sql",
    "silver/batch/counted_before.sql",
)
CLAIMS = (
    "bronze/posts_to_load/claim.sql",
    "bronze/accounts_to_load/claim.sql",
)
STATEMENTS = (
    "silver/batch/seen.sql",
    "silver/batch/posts.sql",
    "silver/dim_date/fill.sql",
    "silver/batch/affect_posts.sql",
    "silver/batch/count_before.sql",
    # accounts
    "silver/account_identities/merge.sql",
    "silver/dim_account/histories.sql",
    "silver/dim_account/addresses.sql",
    "silver/dim_account/versions.sql",
    "gold/days_to_summarise/mark_renamed.sql",
    "silver/dim_account/close.sql",
    "silver/dim_account/merge.sql",
    "silver/dim_account/standing.sql",
    "silver/dim_account/strays.sql",
    "silver/batch/affect_strays.sql",
    "silver/batch/count_before.sql",
    "silver/fact_toot_engagement/repoint.sql",
    "silver/dim_account/remove.sql",
    # posts
    "silver/dim_content/merge.sql",
    "silver/batch/moods.sql",
    "silver/dim_sentiment/insert.sql",
    "silver/current_moods/merge.sql",
    "silver/fact_toot_engagement/merge.sql",
    "silver/dim_account/remove.sql",
    # what hangs on them
    "silver/instances/merge.sql",
    "silver/post_sightings/merge.sql",
    "silver/hashtags/merge.sql",
    "silver/post_hashtags/merge.sql",
    "silver/post_mentions/merge.sql",
    "silver/media_attachments/merge.sql",
    "silver/post_versions/merge.sql",
    "silver/post_metric_snapshots/merge.sql",
    "silver/thread_replies/links.sql",
    "silver/thread_replies/below.sql",
    "silver/thread_replies/merge.sql",
    "silver/thread_replies/place.sql",
    "silver/conversation_threads/merge.sql",
    # what is counted
    "silver/batch/counted_after.sql",
    "silver/batch/fact_changes.sql",
    "silver/hashtag_hourly_stats/apply.sql",
    "silver/hashtag_hourly_accounts/prune.sql",
    "silver/hashtag_hourly_stats/prune.sql",
    "silver/hashtag_minute_stats/recompute.sql",
    "silver/hashtag_minute_stats/prune.sql",
)
# What the batch is looked up by later: without an index, one wrong guess of the planner costs hours.
INDEXED = {
    "silver/batch/look.sql": ("looks", "uri", "observation_id"),
    "silver/batch/seen.sql": ("seen", "uri"),
    "silver/batch/posts.sql": ("posts", "content_key", "uri"),
    "silver/batch/moods.sql": ("moods", "content_key"),
    "silver/batch/affect_posts.sql": ("affected",),
    "silver/batch/count_before.sql": ("counted_before", "content_key"),
    "silver/batch/counted_after.sql": ("counted_after", "content_key"),
    "silver/batch/fact_changes.sql": ("fact_changes", "content_key"),
    "silver/dim_account/histories.sql": ("histories", "history"),
    "silver/dim_account/addresses.sql": ("addresses", "history"),
    "silver/dim_account/versions.sql": ("account_versions", "history"),
    "silver/dim_account/standing.sql": ("standing", "history"),
    "silver/thread_replies/links.sql": ("thread_moves", "content_key"),
    "silver/thread_replies/below.sql": ("moved", "content_key"),
}
REPORTED = {
    "bronze/posts_to_load/claim.sql": "posts",
    "bronze/accounts_to_load/claim.sql": "accounts",
    "silver/dim_account/merge.sql": "account_versions",
    "silver/fact_toot_engagement/merge.sql": "loaded",
    "silver/fact_toot_engagement/repoint.sql": "repointed",
    "silver/batch/fact_changes.sql": "changes",
}


def load_batch(
    connection: Connection,
    settings: Settings,
    default_model: ModelKey,
    batch_size: int = BATCH_SIZE,
) -> Counter[str]:
    """Load the next pending posts and accounts; `posts` and `accounts` are 0 when none were.

    Leaves the temporary table `fact_changes` for gold, and the commit to the caller.
    """
    values = begin_batch(connection, settings, default_model) | {"batch_size": batch_size}
    counts: Counter[str] = Counter(dict.fromkeys(REPORTED.values(), 0))
    for file in CLAIMS:
        _run(connection, settings, file, values, counts)
    if counts["posts"] or counts["accounts"]:
        load_touched(connection, settings, values, counts)
    return counts


def begin_batch(
    connection: Connection, settings: Settings, default_model: ModelKey
) -> dict[str, object]:
    """Take the lock and make empty tables to touch posts and accounts in; returns what the statements are told."""
    lock(connection, settings)
    for file in TABLES:
        connection.execute(
            render(file, settings), {"visibilities": list(settings.include_visibilities)}
        )
    replies, favourites, reblogs = settings.engagement_weights
    return {
        "visibilities": list(settings.include_visibilities),
        "redact_deleted": settings.redact_deleted,
        "replies_weight": replies,
        "favourites_weight": favourites,
        "reblogs_weight": reblogs,
        **default_model.columns,
    }


def load_touched(
    connection: Connection,
    settings: Settings,
    values: Mapping[str, object],
    counts: Counter[str],
) -> None:
    """Load the posts and accounts that were touched since `begin_batch`."""
    _look(connection, settings, values, counts)
    for file in STATEMENTS:
        _run(connection, settings, file, values, counts)


def lock(connection: Connection, settings: Settings) -> None:
    """Wait until no other load or rebuild of this silver runs; held until the transaction ends."""
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
        [settings.schemas["silver"] + LOCK_NAME],
    )
    # Tables are far larger than a batch, and what it touches lies together: its keys are looked up, not whole tables read.
    connection.execute("set local random_page_cost = 0.2")
    connection.execute("set local jit = off")


def _look(
    connection: Connection,
    settings: Settings,
    values: Mapping[str, object],
    counts: Counter[str],
) -> None:
    """Read all observations of the touched posts, and of those that a moved address drags in."""
    while True:
        for file in ("silver/batch/look.sql", "silver/account_identities/changes.sql"):
            _run(connection, settings, file, values, counts)
        dragged_in = connection.execute(render("silver/batch/widen.sql", settings), values)
        if not dragged_in.rowcount:
            return
        connection.execute("drop table identity_changes")


def _run(
    connection: Connection,
    settings: Settings,
    file: str,
    values: Mapping[str, object],
    counts: Counter[str],
) -> None:
    # Never prepared: each batch has temporary tables of its own.
    cursor = connection.execute(render(file, settings), values, prepare=False)
    if file in REPORTED:
        counts[REPORTED[file]] += cursor.rowcount
    if file in INDEXED:
        table, *keys = INDEXED[file]
        for key in keys:
            connection.execute(
                render("silver/batch/index.sql", settings, table=table, columns=key)
            )
        connection.execute(render("silver/batch/analyze.sql", settings, table=table))
