"""Silver without its surrogate keys: what two warehouses that hold the same must agree on."""

from collections import Counter
from typing import Any

FACT = """
    select c.uri, a.source, a.instance, a.account_id, a.valid_from, f.date_key, s.label, s.confidence_band,
        f.created_hour, f.created_at, f.replies_count, f.reblogs_count, f.favourites_count,
        f.engagement_score, f.measured_at, f.deleted_at, f.pipeline_run_id
    from {silver}.fact_toot_engagement f
    join {silver}.dim_content c using (content_key)
    join {silver}.dim_account a using (account_key)
    join {silver}.dim_sentiment s using (sentiment_key)
"""
HANGS_ON_POSTS = {
    "current_moods": "label, confidence, mood",
    "post_sightings": "t.source, t.instance, t.post_id, t.in_reply_to_id, first_seen_at, last_seen_at",
    "post_mentions": "acct, account_uri",
    "media_attachments": "position, type, t.url, preview_url, description, meta::text",
    "post_versions": "version_seq, valid_from, content_html, t.content_text, input_hash, edited_at",
    "post_metric_snapshots": "captured_at, replies_count, reblogs_count, favourites_count, engagement_score, gained, risen",
}
QUERIES = {
    "fact_toot_engagement": FACT,
    "dim_account": "select source, instance, account_id, acct, display_name, url, is_bot, account_created_at,"
    " followers_count, following_count, influence_tier, valid_from, valid_to, is_current from {silver}.dim_account",
    "dim_content": "select source, instance, post_id, uri, url, content_text, content_hash, language, visibility,"
    " is_sensitive, spoiler_text, is_reply, in_reply_to_id, media_count, media_types::text, content_length,"
    " word_count, created_at from {silver}.dim_content",
    "account_identities": "select * from {silver}.account_identities",
    "instances": "select * from {silver}.instances",
    "hashtags": "select name, shown, first_seen_at, last_seen_at from {silver}.hashtags",
    "post_hashtags": "select c.uri, h.name, t.created_at from {silver}.post_hashtags t"
    " join {silver}.dim_content c using (content_key) join {silver}.hashtags h using (hashtag_id)",
    "hashtag_hourly_stats": "select hour, h.name, source, instance, posts, unique_accounts, engagement"
    " from {silver}.hashtag_hourly_stats join {silver}.hashtags h using (hashtag_id)",
    "hashtag_hourly_accounts": "select hour, h.name, source, instance, account_uri, posts"
    " from {silver}.hashtag_hourly_accounts join {silver}.hashtags h using (hashtag_id)",
    "hashtag_minute_stats": "select minute, h.name, source, instance, posts, unique_accounts, engagement"
    " from {silver}.hashtag_minute_stats join {silver}.hashtags h using (hashtag_id)",
    "thread_replies": "select c.uri, p.uri, r.uri, t.depth from {silver}.thread_replies t"
    " join {silver}.dim_content c using (content_key)"
    " join {silver}.dim_content p on t.parent_key = p.content_key"
    " join {silver}.dim_content r on t.root_key = r.content_key",
    "conversation_threads": "select r.uri, t.depth, t.reply_count, t.participants"
    " from {silver}.conversation_threads t join {silver}.dim_content r on t.root_key = r.content_key",
} | {
    table: f"select c.uri, {columns} from {{silver}}.{table} t join {{silver}}.dim_content c using (content_key)"
    for table, columns in HANGS_ON_POSTS.items()
}


def naturally(connection: Any, schema: str = "dim_facts") -> dict[str, Counter[str]]:
    """Every table of silver as a bag of rows under natural keys."""
    tables = {
        table: Counter(
            row
            for (row,) in connection.execute(
                f"select q::text from ({query.format(silver=schema)}) as q"
            )
        )
        for table, query in QUERIES.items()
    }
    connection.commit()
    return tables


def difference(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> dict[str, Any]:
    """What only one of the two holds, by table."""
    return {
        table: {
            "only the first": one[table] - other[table],
            "only the second": other[table] - one[table],
        }
        for table in one
        if one[table] != other[table]
    }
