"""Hours backfilled through Airflow's own backfill, and the table that one reading of them all gives."""

import time
from datetime import UTC, datetime, timedelta

from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.transform import transform_pending
from chorus.warehouse.connection import connect

HOUR = timedelta(hours=1)
# Long enough ago that nothing is liked, edited or deleted any more.
UNTIL = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - 9 * 24 * HOUR
# One server and tag, so that runs are short.
LISTENED_TO = {"instances": ["mastodon.demo"], "hashtags": ["caturday"]}
# What tells when and by whom a row was made; and how many follow an account on the day it is read.
NOT_COMPARED = [
    "ingestion_timestamp",
    "pipeline_run_id",
    "account",
    "account_followers_count",
    "account_following_count",
    "account_statuses_count",
]


def hours_before_that(hours):
    return Window.back_from(UNTIL, hours * HOUR)


def rows_of(settings, window):
    """The posts created in the window with their columns, as text."""
    query = """
        select id, (to_jsonb(toots) - %s::text[])::text
        from bronze.transformed_toots_with_sentiment_data as toots
        where
            created_at >= %s and created_at < %s
            and instance = 'mastodon.demo' and 'caturday' = any(tag_names)
    """
    with connect(settings) as connection:
        values = [NOT_COMPARED, window.since, window.until]
        return dict(connection.execute(query, values).fetchall())


def read_at_once(settings, window):
    """The same posts, where one reading of them all brings them in."""
    [target] = list_targets(settings, **LISTENED_TO)
    with connect(settings) as connection:
        extract(connection, settings, target, window, "at once")
        transform_pending(connection, settings, "at once", [])
        score_all_pending(connection, settings, "at once")
    return rows_of(settings, window)


def backfill(api, window, again=False):
    """Each hour in a run of its own; returns how the runs ended."""
    body = {
        "dag_id": "bronze_mastodon",
        "from_date": window.since.isoformat(),
        "to_date": (window.until - timedelta(minutes=1)).isoformat(),
        "reprocess_behavior": "completed" if again else "none",
        "max_active_runs": 4,
        "dag_run_conf": LISTENED_TO,
    }
    # What would wake after every hour wakes once, after all of them.
    api.patch("/dags/silver_star", {"is_paused": True})
    begun = api.post("/backfills", body)
    patience = time.monotonic() + 60 * (window.until - window.since) / HOUR
    while api.get(f"/backfills/{begun['id']}")["completed_at"] is None:
        assert time.monotonic() < patience
        time.sleep(1)
    api.patch("/dags/silver_star", {"is_paused": False})
    return [run["state"] for run in runs_of(api, window)]


def runs_of(api, window):
    runs = api.everything("/dags/bronze_mastodon/dagRuns", "dag_runs")
    return [
        run
        for run in runs
        if run["logical_date"] and datetime.fromisoformat(run["logical_date"]) in window
    ]
