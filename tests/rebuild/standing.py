"""Silver and gold as they stand, under natural keys, to be compared with how they stand after a rebuild.

Keys are drawn from sequences, so two builds of the same differ in them and in nothing else; each table is therefore
asked for with its keys replaced by what they point to, and compared in PostgreSQL by EXCEPT, both ways.
"""

from chorus.warehouse.gold_views import VIEWS
from tests.sql.silver.natural import QUERIES as SILVER

ROLLUP = "posts, {more} t.engagement, scored, positive, neutral, negative, mood_micros"
TAG = "join dim_facts.hashtags h using (hashtag_id)"
ACCOUNT = "join analytics.rollup_account a using (account_no)"
QUERIES = {
    **{
        f"dim_facts.{table}": query.format(silver="dim_facts")
        for table, query in SILVER.items()
    },
    "dim_facts.post_sentiments": "select * from dim_facts.post_sentiments",
    "dim_facts.dim_date": "select * from dim_facts.dim_date",
    "dim_facts.post_duplicates": "select again.uri, earliest.uri as first_uri from dim_facts.post_duplicates"
    " join dim_facts.dim_content again using (content_key)"
    " join dim_facts.dim_content earliest on earliest.content_key = first_content_key",
    # A mood keeps its row also when all posts of which it was said were judged anew.
    "dim_facts.dim_sentiment": "select label, confidence_band, t.model, t.model_revision from dim_facts.dim_sentiment t"
    " where exists (select from dim_facts.post_sentiments said where said.label = t.label"
    " and dim_facts.confidence_band(said.confidence) = t.confidence_band"
    " and said.model = t.model and said.model_revision = t.model_revision)",
    "analytics.rollup_account": "select account_uri, posts, replies, reblogs, favourites, engagement, scored, positive,"
    " neutral, negative, mood_micros, first_day, last_day from analytics.rollup_account",
    "analytics.rollup_account_day": "select account_uri, day, source, instance, t.posts, t.engagement"
    f" from analytics.rollup_account_day t {ACCOUNT}",
    "analytics.rollup_post": "select uri, day, t.source, t.instance, engagement, t.created_at"
    " from analytics.rollup_post t join dim_facts.dim_content using (content_key)",
    "analytics.rollup_day": "select * from analytics.rollup_day",
    "analytics.rollup_hour": "select * from analytics.rollup_hour",
    "analytics.rollup_hashtag": "select name, posts, accounts, engagement, scored, positive, neutral, negative,"
    f" mood_micros, first_day, last_day from analytics.rollup_hashtag {TAG}",
    "analytics.rollup_hashtag_day": "select name, day, posts, engagement, scored, positive, neutral, negative,"
    f" mood_micros from analytics.rollup_hashtag_day {TAG}",
    "analytics.rollup_hashtag_account": "select name, account_uri, t.posts"
    f" from analytics.rollup_hashtag_account t {TAG} {ACCOUNT}",
    "analytics.rollup_hashtag_pair": "select h.name, o.name, posts from analytics.rollup_hashtag_pair t"
    f" {TAG} join dim_facts.hashtags o on t.other_id = o.hashtag_id",
    "analytics.daily_summaries": "select day, source, instance, window_since, window_until, template_version,"
    " statistics, input_hash, text from analytics.daily_summaries",
    **{f"analytics.{view}": f"select * from analytics.{view}" for view in VIEWS},
}
# How often a view was refreshed, and what waits to be put into words, are the loads' own and no function of bronze.
LEFT_OUT = {"analytics.view_state", "analytics.days_to_summarise"}
# When a row was written is each build's own; a key drawn from a sequence stands for what it points to.
LEFT_OUT_COLUMNS = {
    *("loaded_at", "written_at"),
    *("content_key", "first_content_key", "parent_key", "root_key"),
    *("account_key", "account_no", "sentiment_key", "hashtag_id", "other_id"),
}


def relations(owner):
    """Everything there is to compare."""
    return {
        name
        for (name,) in owner.execute(
            "select relnamespace::regnamespace || '.' || relname from pg_class"
            " where relnamespace in ('dim_facts'::regnamespace, 'analytics'::regnamespace) and relkind in ('r', 'm', 'v')"
        )
    }


def columns(owner):
    """The columns of each of them."""
    return owner.execute(
        "select attrelid::regclass::text, attname from pg_attribute join pg_class on attrelid = pg_class.oid"
        " where relnamespace in ('dim_facts'::regnamespace, 'analytics'::regnamespace) and relkind in ('r', 'm', 'v')"
        " and attnum > 0 and not attisdropped"
    ).fetchall()


def forget(owner):
    owner.execute("drop schema if exists before cascade")


def remember(owner):
    """Keep how everything stands now."""
    forget(owner)
    owner.execute("create schema before")
    for name, query in QUERIES.items():
        owner.execute(
            f'create table before."{name}" as select q::text as row from ({query}) as q'
        )


def changed(owner):
    """What is there now and was not, and what was there and is not, by table."""
    found = {}
    for name, query in QUERIES.items():
        now, then = (
            f"select q::text as row from ({query}) as q",
            f'select row from before."{name}"',
        )
        new = owner.execute(f"({now}) except all ({then}) limit 5").fetchall()
        lost = owner.execute(f"({then}) except all ({now}) limit 5").fetchall()
        if new or lost:
            found[name] = {"now": new, "then": lost}
    return found
