"""The rollups by their natural keys: what two ways of counting the same posts must agree on."""


def rows(connection, table):
    """The rollup by its natural key."""
    return {tuple(key): list(measures) for key, measures in connection.execute(READ[table])}


MEASURES = "engagement, scored, positive, neutral, negative, mood_micros"
ALL = f"posts, replies, reblogs, favourites, {MEASURES}"
READ = {
    name: f"select array[{key}]::text[], array[{measures}]::text[] from analytics.{table}"
    for name, key, measures, table in [
        ("account", "account_uri", f"{ALL}, first_day, last_day", "rollup_account"),
        (
            "account_day",
            "account_uri, day, source, instance",
            "d.posts, d.engagement",
            "rollup_account_day as d join analytics.rollup_account using (account_no)",
        ),
        ("post", "content_key", "day, source, instance, engagement", "rollup_post"),
        (
            "day",
            "day, source, instance",
            f"accounts, {ALL}, best_engagement, least_engagement",
            "rollup_day",
        ),
        ("hour", "day, hour, language", f"posts, {MEASURES}", "rollup_hour"),
        (
            "hashtag",
            "hashtag_id",
            f"accounts, first_day, last_day, posts, {MEASURES}",
            "rollup_hashtag",
        ),
        ("hashtag_day", "hashtag_id, day", f"posts, {MEASURES}", "rollup_hashtag_day"),
        (
            "hashtag_account",
            "hashtag_id, account_uri",
            "t.posts",
            "rollup_hashtag_account as t join analytics.rollup_account using (account_no)",
        ),
        ("hashtag_pair", "hashtag_id, other_id", "posts", "rollup_hashtag_pair"),
    ]
}
