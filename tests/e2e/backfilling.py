"""Hours backfilled through Airflow's own backfill, and the table that one reading of them all gives."""

import time
from datetime import UTC, datetime, timedelta

from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.transform import transform_pending
from chorus.sentiment.active import active_model_keys
from chorus.warehouse.connection import connect

DAG = "bronze_mastodon"
HOUR = timedelta(hours=1)
# Long enough ago that nothing is liked, edited or deleted any more.
UNTIL = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - 9 * 24 * HOUR
# One server and tag, so that runs are short.
LISTENED_TO = {"instances": ["mastodon.demo"], "hashtags": ["caturday"]}
# What tells when and by whom a row was made; how many follow an account on the day it is read; and the port of the demo
# network, which another start may have to change.
NOT_COMPARED = [
    "ingestion_timestamp",
    "pipeline_run_id",
    "url",
    "account",
    "account_followers_count",
    "account_following_count",
    "account_statuses_count",
]


def hours_before_that(hours):
    return Window.back_from(UNTIL, hours * HOUR)


def rows_of(settings, window, instance="mastodon.demo"):
    """The posts created in the window with their columns, as text."""
    query = """
        select id, (to_jsonb(toots) - %s::text[])::text
        from bronze.transformed_toots_with_sentiment_data as toots
        where
            created_at >= %s and created_at < %s
            and instance = %s and 'caturday' = any(tag_names)
    """
    with connect(settings) as connection:
        values = [NOT_COMPARED, window.since, window.until, instance]
        return dict(connection.execute(query, values).fetchall())


def read_at_once(settings, window, instance="mastodon.demo"):
    """The same posts, where one reading of them all brings them in."""
    [target] = list_targets(settings, **LISTENED_TO | {"instances": [instance]})
    with connect(settings) as connection:
        extract(connection, settings, target, window, "at once")
        models = [key.text for key in active_model_keys(settings)]
        transform_pending(connection, settings, "at once", models)
        score_all_pending(connection, settings, "at once")
    return rows_of(settings, window, instance)


def backfill(api, window, again=False):
    """Each hour in a run of its own; returns how the runs ended."""
    # What would wake after every hour wakes once, after all of them.
    api.patch("/dags/silver_star", {"is_paused": True})
    how = {"reprocess_behavior": "completed" if again else "none"}
    begun = begin_backfill(api, DAG, window, LISTENED_TO, **how)
    wait_for_backfill(api, begun, within=60 * (window.until - window.since) / HOUR)
    api.patch("/dags/silver_star", {"is_paused": False})
    return [run["state"] for run in runs_of(api, window)]


def begin_backfill(api, dag, window, conf, **how):
    """Returns its number."""
    body = {
        "dag_id": dag,
        "from_date": window.since.isoformat(),
        "to_date": (window.until - timedelta(minutes=1)).isoformat(),
        "max_active_runs": 4,
        "dag_run_conf": conf,
        **how,
    }
    return api.post("/backfills", body)["id"]


def is_over(api, backfill):
    return api.get(f"/backfills/{backfill}")["completed_at"] is not None


def wait_for_backfill(api, backfill, within=1800):
    patience = time.monotonic() + within
    while not is_over(api, backfill):
        assert time.monotonic() < patience
        time.sleep(1)


def runs_of(api, window, dag=DAG):
    runs = api.everything(f"/dags/{dag}/dagRuns", "dag_runs")
    return [
        run
        for run in runs
        if run["logical_date"] and datetime.fromisoformat(run["logical_date"]) in window
    ]
