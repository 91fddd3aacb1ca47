"""Every index of the warehouse says what it serves, and the planner takes it for that."""

import re
from collections import Counter

import pytest

from chorus.warehouse import forget, gold, silver
from chorus.warehouse.statements import render
from tests.sql.silver.conftest import MODEL

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

# Statements that the pipelines, the watch and the CLI run.
FILES = {
    "ix_raw_events_processed_occurred_at": "bronze/raw_events/claim.sql",
    "raw_events_2026w47_boosted": "bronze/raw_events/redact_boosts.sql",
    "raw_events_2026w47_thing": "bronze/raw_events/claim.sql",
    "uq_post_observations_event": "bronze/post_observations/repeat.sql",
    "ix_post_observations_uri": "silver/batch/look.sql",
    "ix_post_observations_post": "bronze/raw_events/claim.sql",
    "ix_post_observations_content_hash": "ops/quality_results/look.sql",
    "ix_post_observations_run": "ops/quality_results/look.sql",
    "uq_account_observations_event": "bronze/account_observations/follow.sql",
    "ix_account_observations_uri": "silver/dim_account/versions.sql",
    "ix_toots_created_at": "ops/quality_results/unusual_hours.sql",
    "ix_toots_uri": "bronze/toots/forget.sql",
    "uq_dead_letters_kept": "bronze/dead_letters/insert.sql",
    "ix_dead_letters_open": "bronze/dead_letters/choose.sql",
    "ix_dead_letters_run": "ops/quality_results/rejected.sql",
    "ix_posts_to_score_model": "bronze/posts_to_score/claim.sql",
    "ix_pipeline_runs_started_at": "gold/alerts/read_usual_seconds.sql",
    "ix_pipeline_steps_finished_at": "ops/watch/errors.sql",
    "ix_account_identities_identity": "silver/batch/counted_before.sql",
    "uq_dim_account_version": "silver/dim_account/check_history.sql",
    "uq_dim_account_current": "gold/read/top_users.sql",
    "uq_dim_content_uri": "silver/dim_content/check_observed.sql",
    "uq_dim_sentiment": "silver/fact_toot_engagement/merge.sql",
    "ix_fact_account": "silver/dim_account/remove.sql",
    "ix_fact_created_at": "gold/alerts/read_extremes.sql",
    "ix_fact_loaded_at": "silver/fact_toot_engagement/check_version.sql",
    "ix_post_sentiments_cache": "silver/post_sentiments/cached.sql",
    "ix_post_sightings_content": "silver/thread_replies/links.sql",
    "ix_post_sightings_answers": "silver/thread_replies/links.sql",
    "uq_hashtags_name": "gold/read/recommendations.sql",
    "ix_post_hashtags_tag": "silver/hashtag_minute_stats/recompute.sql",
    "ix_post_versions_edits": "gold/read/label_flips.sql",
    "ix_post_metric_snapshots_risen": "gold/read/gain.sql",
    "ix_hashtag_hourly_stats_hour": "gold/daily_summaries/read_days.sql",
    "ix_hashtag_hourly_stats_empty": "silver/hashtag_hourly_stats/prune.sql",
    "ix_hashtag_hourly_accounts_empty": "silver/hashtag_hourly_accounts/prune.sql",
    "ix_thread_replies_parent": "silver/thread_replies/place.sql",
    "ix_thread_replies_root": "silver/conversation_threads/merge.sql",
    "uq_rollup_account_uri": "gold/rollup_account/register.sql",
    "ix_quality_results_measured_at": "ops/slo/measure.sql",
    "ix_notifications_sent_at": "ops/notifications_sent/claim_after_quiet.sql",
    "ix_job_endings_ended_at": "ops/slo/measure.sql",
    "ix_job_endings_run": "bronze/pipeline_runs/close.sql",
    "uq_erasures_account": "ops/erasures/write.sql",
}
# Views, by what their refresh runs.
REFRESHED = {
    "ix_fact_engagement": "mv_top_performing_content",
    "ix_rollup_account_engagement": "mv_account_influence_analysis",
    "ix_rollup_post_day": "mv_viral_content_indicators",
    "ix_rollup_hashtag_posts": "mv_sentiment_trends",
    "ix_rollup_hashtag_day_posts": "mv_hashtag_performance",
    "ix_rollup_hashtag_pair_posts": "mv_hashtag_performance",
}
# What people and dashboards ask.
ASKED = {
    "ix_dim_content_words": "select first_content_key from dim_facts.post_duplicates where content_key = 1",
    "uq_mv_daily_engagement_summary": "select * from analytics.mv_daily_engagement_summary where day = '2026-11-20' and source = '*' and instance = '*'",
    "uq_mv_top_performing_content": "select * from analytics.mv_top_performing_content where uri = 'u'",
    "uq_mv_account_influence_analysis": "select * from analytics.mv_account_influence_analysis where account_uri = 'u'",
    "uq_mv_hashtag_performance": "select * from analytics.mv_hashtag_performance where hashtag = 'cats'",
    "uq_mv_hourly_posting_patterns": "select * from analytics.mv_hourly_posting_patterns where language = '*' order by weekday, hour",
    "uq_mv_sentiment_trends": "select * from analytics.mv_sentiment_trends where scope = 'hashtag' and name = 'cats' order by day",
    "uq_mv_viral_content_indicators": "select * from analytics.mv_viral_content_indicators where uri = 'u'",
}


@pytest.fixture
def owner(owner):
    """The owner of a warehouse with a week of raw events: writers have an index of their own in each hot one."""
    owner.execute("select bronze.ensure_raw_events_weeks(array['2026-11-20']::date[])")
    return owner


@pytest.fixture
def planner(owner, warehouse_settings):
    """In the midst of a load and an erasure, with their temporary tables, and reading a table from end to end only
    where nothing else can be done."""
    owner.autocommit = False
    values = silver.begin_batch(owner, warehouse_settings, MODEL)
    silver.load_touched(owner, warehouse_settings, values, Counter())
    gold.apply_rollups(owner, warehouse_settings)
    forget.name_account(owner, warehouse_settings, [])
    # What loads set for themselves makes any index of an empty table as good as the right one.
    owner.execute("set local random_page_cost = 1.1")
    for way in ("seqscan", "sort", "hashjoin", "mergejoin", "incremental_sort"):
        owner.execute(f"set enable_{way} = off")
    return owner


def test_every_index_but_the_primary_keys_says_what_it_serves(owner):
    says = dict(owner.execute(FOUND).fetchall())
    assert [name for name, what in says.items() if not (what or "").startswith("Serves ")] == []
    assert len(says) >= 25


def test_every_such_index_is_shown_in_use_below(owner):
    shown = [*FILES, *REFRESHED, *ASKED]
    assert sorted(name for name, _ in owner.execute(FOUND)) == sorted(shown)


def test_every_such_index_is_taken_for_what_it_serves(planner):
    definition = "select pg_get_viewdef(%s::regclass)"
    serves = {index: for_the_planner(render(file)) for index, file in FILES.items()}
    for index, view in REFRESHED.items():
        [serves[index]] = planner.execute(definition, [f"analytics.{view}"]).fetchone()
    parts = dict(planner.execute(PARTS).fetchall())
    assert {
        index: plan
        for index, text in (serves | ASKED).items()
        if index not in (plan := taken(planner, text, parts))
    } == {}


def for_the_planner(text):
    """A statement with PostgreSQL's own placeholders, whose types and values are left to it."""
    names = dict.fromkeys(re.findall(r"%\((\w+)\)[sb]", text))
    for number, name in enumerate(names, 1):
        text = re.sub(rf"%\({name}\)[sb]", f"${number}", text)
    return text.replace("%%", "%")


def taken(planner, text, parts):
    """The plan of a statement, an index of a partition named as that of the whole table."""
    with planner.transaction(force_rollback=True):
        if made := re.search(r"create temp table (\w+)", text):
            planner.execute(f"drop table if exists pg_temp.{made[1]}")
        explained = planner.execute(f"explain (generic_plan) {text}", prepare=False)
        plan = "\n".join(line for (line,) in explained)
    for part, whole in parts.items():
        plan = plan.replace(part, whole)
    return plan
