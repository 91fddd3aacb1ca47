"""Every index of the warehouse says what it serves, and the planner takes it for that."""

import psycopg
import pytest

from chorus.warehouse.gold_views import VIEWS
from chorus.warehouse.statements import render

FOUND = """
    select index.relname, obj_description(index.oid, 'pg_class')
    from pg_index
    inner join pg_class as index on pg_index.indexrelid = index.oid
    inner join pg_namespace as schema on index.relnamespace = schema.oid
    where
        schema.nspname in ('bronze', 'dim_facts', 'analytics', 'ops')
        and not pg_index.indisprimary
        and not index.relispartition
        and index.relname <> 'schema_version_pkc'
"""

PARTS = """
    select part.relname, whole.relname
    from pg_inherits
    inner join pg_class as part on inhrelid = part.oid and part.relkind = 'i'
    inner join pg_class as whole on inhparent = whole.oid
"""


def file(name, **values):
    """A statement as the pipelines run it."""
    return render(name), values


def view(name):
    """What a refresh of a view runs."""
    return name, {}


def query(text, **values):
    return text, values


MODEL = {
    "preprocessing_version": "1",
    "model": "m",
    "model_revision": "r",
    "backend": "b",
    "precision": "p",
}

SERVED = {
    # bronze
    "ix_raw_events_processed_occurred_at": file("bronze/raw_events/claim.sql", batch_size=1),
    "raw_events_2026w47_boosted": file(
        "bronze/raw_events/redact_boosts.sql",
        sources=["mastodon"],
        instances=["here.example"],
        post_ids=["1"],
        first="2026-11-16",
    ),
    "raw_events_2026w47_thing": file("bronze/raw_events/claim.sql", batch_size=1),
    "uq_post_observations_event": query(
        "insert into bronze.post_observations (raw_event_id, observed_at) values (null, null)"
        " on conflict (raw_event_id, observed_at) do nothing"
    ),
    "ix_post_observations_uri": query(
        "select * from bronze.post_observations where uri = 'u' order by observed_at"
    ),
    "ix_post_observations_post": file("bronze/raw_events/claim.sql", batch_size=1),
    "ix_post_observations_content_hash": file(
        "ops/quality_results/look.sql", pipeline_run_id="run"
    ),
    "ix_post_observations_run": file("ops/quality_results/look.sql", pipeline_run_id="run"),
    "uq_account_observations_event": query(
        "insert into bronze.account_observations (raw_event_id, observed_at) values (null, null)"
        " on conflict (raw_event_id, observed_at) do nothing"
    ),
    "ix_account_observations_uri": query(
        "select * from bronze.account_observations where account_uri = 'u' order by observed_at"
    ),
    "ix_toots_created_at": file("ops/quality_results/unusual_hours.sql", pipeline_run_id="run"),
    "ix_toots_uri": query(
        "select * from bronze.transformed_toots_with_sentiment_data where uri = 'u'"
    ),
    "uq_dead_letters_kept": file(
        "bronze/dead_letters/insert.sql",
        **dict.fromkeys(
            (
                "stage",
                "source",
                "source_id",
                "instance",
                "event_type",
                "post_id",
                "occurred_at",
                "raw_event_id",
                "observed_at",
                "payload",
                "payload_raw",
                "error_class",
                "error",
                "run_id",
            )
        ),
    ),
    "ix_dead_letters_open": file(
        "bronze/dead_letters/choose.sql",
        **dict.fromkeys(("reason", "stage", "source", "run", "since", "until")),
    ),
    "ix_dead_letters_run": file("ops/quality_results/rejected.sql", pipeline_run_id="run"),
    "ix_posts_to_score_model": file(
        "bronze/posts_to_score/claim.sql", model_key="m", batch_size=1
    ),
    "ix_pipeline_runs_started_at": file("gold/alerts/read_usual_seconds.sql", dag_id="d"),
    "ix_pipeline_steps_finished_at": query(
        "select * from bronze.pipeline_steps where finished_at > now() - interval '15 minutes'"
    ),
    # silver
    "ix_account_identities_identity": query(
        "select account_uri from dim_facts.counted_posts('{public}')"
    ),
    "uq_dim_account_version": query(
        "select * from dim_facts.dim_account where source = 's' and instance = 'i' and account_id = 'a'"
        " and valid_from <= now() order by valid_from desc limit 1"
    ),
    "uq_dim_account_current": query(
        "select * from dim_facts.dim_account"
        " where source = 's' and instance = 'i' and account_id = 'a' and is_current"
    ),
    "uq_dim_content_uri": query(
        "select content_key from dim_facts.dim_content where uri = 'u'"
    ),
    "ix_dim_content_words": query(
        "select first_content_key from dim_facts.post_duplicates where content_key = 1"
    ),
    "uq_dim_sentiment": query(
        "select sentiment_key from dim_facts.dim_sentiment"
        " where label = 'l' and confidence_band = 'c' and model = 'm' and model_revision = 'r'"
    ),
    "ix_fact_account": query(
        "select content_key from dim_facts.fact_toot_engagement"
        " where account_key = 1 and created_at >= now()"
    ),
    "ix_fact_created_at": query(
        "select * from dim_facts.fact_toot_engagement where created_at >= now() - interval '1 hour'"
    ),
    "ix_fact_engagement": view("mv_top_performing_content"),
    "ix_fact_loaded_at": file(
        "silver/fact_toot_engagement/check_keys.sql", since="2026-11-20T00:00Z"
    ),
    "ix_post_sentiments_cache": file("silver/post_sentiments/is_known.sql", **MODEL),
    "ix_post_sightings_content": query(
        "select * from dim_facts.post_sightings where content_key = 1"
    ),
    "ix_post_sightings_answers": query(
        "select * from dim_facts.post_sightings"
        " where source = 's' and instance = 'i' and in_reply_to_id = '1'"
    ),
    "uq_hashtags_name": query("select hashtag_id from dim_facts.hashtags where name = 'cats'"),
    "ix_post_hashtags_tag": query(
        "select content_key from dim_facts.post_hashtags"
        " where hashtag_id = 1 and created_at >= now() - interval '1 minute'"
    ),
    "ix_post_versions_edits": file(
        "gold/read/label_flips.sql", since="2026-11-20T00:00Z", candidates=1, most=1, **MODEL
    ),
    "ix_post_metric_snapshots_captured_at": file(
        "gold/read/gain.sql",
        since="2026-11-20T00:00Z",
        until="2026-11-20T01:00Z",
        candidates=1,
        most=1,
    ),
    "ix_hashtag_hourly_stats_empty": file("silver/hashtag_hourly_stats/prune.sql"),
    "ix_hashtag_hourly_accounts_empty": file("silver/hashtag_hourly_accounts/prune.sql"),
    "ix_thread_replies_parent": query(
        "select * from dim_facts.thread_replies where parent_key = 1"
    ),
    "ix_thread_replies_root": query(
        "select * from dim_facts.thread_replies where root_key = 1"
    ),
    # gold
    "uq_rollup_account_uri": query(
        "insert into analytics.rollup_account (account_uri) values ('u')"
        " on conflict (account_uri) do nothing"
    ),
    "ix_rollup_account_engagement": view("mv_account_influence_analysis"),
    "ix_rollup_post_day": view("mv_viral_content_indicators"),
    "ix_rollup_hashtag_posts": view("mv_sentiment_trends"),
    "ix_rollup_hashtag_day_posts": view("mv_hashtag_performance"),
    "ix_rollup_hashtag_pair_posts": view("mv_hashtag_performance"),
    "uq_mv_daily_engagement_summary": query(
        "select * from analytics.mv_daily_engagement_summary"
        " where day = '2026-11-20' and source = '*' and instance = '*'"
    ),
    "uq_mv_top_performing_content": query(
        "select * from analytics.mv_top_performing_content where uri = 'u'"
    ),
    "uq_mv_account_influence_analysis": query(
        "select * from analytics.mv_account_influence_analysis where account_uri = 'u'"
    ),
    "uq_mv_hashtag_performance": query(
        "select * from analytics.mv_hashtag_performance where hashtag = 'cats'"
    ),
    "uq_mv_hourly_posting_patterns": query(
        "select * from analytics.mv_hourly_posting_patterns where language = '*' order by weekday, hour"
    ),
    "uq_mv_sentiment_trends": query(
        "select * from analytics.mv_sentiment_trends where scope = 'hashtag' and name = 'cats' order by day"
    ),
    "uq_mv_viral_content_indicators": query(
        "select * from analytics.mv_viral_content_indicators where uri = 'u'"
    ),
    # ops
    "ix_quality_results_measured_at": query(
        "select * from ops.quality_results where measure = 'score' and measured_at > now() - interval '1 day'"
    ),
    "ix_notifications_sent_at": query(
        "select * from ops.notifications_sent where sent_at > now() - interval '1 hour'"
    ),
    "ix_job_endings_ended_at": query(
        "select * from ops.job_endings where ended_at > now() - interval '30 days'"
    ),
    "ix_job_endings_run": file("bronze/pipeline_runs/close.sql", pipeline_run_id="run"),
    "uq_erasures_account": query(
        "select from ops.erasures where source = 's' and instance = 'i' and account_digest = ''"
    ),
}


@pytest.fixture
def owner(owner):
    """The owner of a warehouse with a week of raw events: writers have an index of their own in each hot one."""
    owner.execute("select bronze.ensure_raw_events_weeks(array['2026-11-20']::date[])")
    return owner


@pytest.fixture
def planner(owner):
    """The owner, whose planner reads a table from end to end only where it cannot do otherwise."""
    for way in ("seqscan", "sort", "hashjoin", "mergejoin", "incremental_sort"):
        owner.execute(f"set enable_{way} = off")
    return owner


def test_every_index_but_the_primary_keys_says_what_it_serves(owner):
    says = dict(owner.execute(FOUND).fetchall())
    assert [name for name, what in says.items() if not (what or "").startswith("Serves ")] == []
    assert len(says) >= 25


def test_every_such_index_is_shown_in_use_below(owner):
    assert {name for name, _ in owner.execute(FOUND)} == SERVED.keys()


def test_every_such_index_is_taken_for_what_it_serves(planner):
    unused = {index: plan for index in SERVED if index not in (plan := taken(planner, index))}
    assert unused == {}


def taken(planner, index):
    """The plan of what an index serves, an index of a partition named as that of the whole table."""
    text, values = SERVED[index]
    if text in VIEWS:
        text = planner.execute(
            "select pg_get_viewdef(%s::regclass)", [f"analytics.{text}"]
        ).fetchone()[0]
        text = text.replace("%", "%%")
    cursor = psycopg.ClientCursor(planner)
    plan = "\n".join(line for (line,) in cursor.execute(f"explain {text}", values))
    for part, whole in planner.execute(PARTS):
        plan = plan.replace(part, whole)
    return plan
