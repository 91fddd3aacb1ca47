"""Silver's posts of some days removed and written again from bronze, and everything that is counted, counted anew.

Under the lock of the loads and in the caller's one transaction, so that people read the old state until they read the
new one. What loads keep by adding and taking away is counted from the facts of all days: totals over all time hold
every day, and a wrong one cannot be mended by what changed.
"""

from collections import Counter
from datetime import datetime

from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.warehouse import silver
from chorus.warehouse.connection import Connection
from chorus.warehouse.gold import ROLLUPS, apply_rollups
from chorus.warehouse.statements import render

# What hangs on a post, by the name of its key there; facts come first, posts themselves last.
HANGS_ON_POSTS = {
    "fact_toot_engagement": "content_key",
    "current_moods": "content_key",
    "post_sightings": "content_key",
    "post_hashtags": "content_key",
    "post_mentions": "content_key",
    "media_attachments": "content_key",
    "post_versions": "content_key",
    "post_metric_snapshots": "content_key",
    "thread_replies": "content_key",
    "conversation_threads": "root_key",
}
COUNTED = ("hashtag_hourly_accounts", "hashtag_hourly_stats", "hashtag_minute_stats")
COUNTS = (
    "silver/hashtag_hourly_stats/apply.sql",
    "silver/hashtag_minute_stats/recompute.sql",
)


def write_days_again(
    connection: Connection,
    settings: Settings,
    default_model: ModelKey,
    since: datetime,
    until: datetime,
) -> Counter[str]:
    """Do so for the posts created in this span; returns how many of what."""
    values = silver.begin_batch(connection, settings, default_model)
    counts: Counter[str] = Counter()
    span = {"since": since, "until": until}
    touched = connection.execute(render("silver/rebuild/touch_posts.sql", settings), span)
    counts["posts"] = touched.rowcount
    touched = connection.execute(render("silver/rebuild/touch_accounts.sql", settings))
    counts["accounts"] = touched.rowcount
    for table, key in HANGS_ON_POSTS.items():
        file = "silver/rebuild/delete.sql"
        connection.execute(render(file, settings, table=table, key=key))
    connection.execute(render("silver/rebuild/delete_invented.sql", settings))
    silver.load_touched(connection, settings, values, counts)
    count_anew(connection, settings)
    return counts


def count_anew(connection: Connection, settings: Settings) -> None:
    """Count from the facts everything that loads keep by their deltas; the caller holds the lock and commits."""
    schemas = settings.schemas
    tables = [f"{schemas['silver']}.{table}" for table in COUNTED]
    tables += [f"{schemas['gold']}.{table}" for table in ROLLUPS]
    for table in tables:
        connection.execute(render("silver/rebuild/empty.sql", settings, table=table))
    values = {"visibilities": list(settings.include_visibilities)}
    for file in (
        "silver/rebuild/forget_changes.sql",
        "gold/rollup_changes/from_facts.sql",
        *COUNTS,
    ):
        connection.execute(render(file, settings), values, prepare=False)
    apply_rollups(connection, settings)
