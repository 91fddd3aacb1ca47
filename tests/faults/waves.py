"""Waves through a stack in which something breaks: sent, waited for, and compared with one that nothing disturbed."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from chorus.domain.window import Window
from chorus.pipelines.gold import check_gold
from chorus.pipelines.silver import check_silver
from chorus.stack.airflow_api import ApiSilent
from chorus.warehouse.connection import connect
from tests.e2e.backfilling import LISTENED_TO, read_at_once, rows_of

BRONZE = "bronze_mastodon"
HOUR = timedelta(hours=1)
# Each fault has a day of its own, so long ago that nothing changes there any more.
LAST_DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - 40 * 24 * HOUR
# What must be nothing once all is done: nothing waits, nothing is there twice.
LEFT = {
    "raw events that nobody transformed": "select count(*) from bronze.raw_events where not processed",
    "posts that wait for a model": "select count(*) from bronze.posts_to_score",
    "posts that wait for silver": "select count(*) from bronze.posts_to_load",
    "accounts that wait for silver": "select count(*) from bronze.accounts_to_load",
    "views that are behind": "select count(*) from analytics.view_state where changes > refreshed_changes",
    "raw events that are there twice": """
        select count(*) - count(distinct (source, instance, event_type, post_id, payload_hash, occurred_at))
        from bronze.raw_events
    """,
    "posts that are there twice": "select count(*) - count(distinct uri) from dim_facts.dim_content",
    "facts that are there twice": "select count(*) - count(distinct content_key) from dim_facts.fact_toot_engagement",
}


def day(number):
    """Two windows side by side, of a day that no other number has."""
    start = LAST_DAY - number * 24 * HOUR
    return Window(start, start + 3 * HOUR), Window(start + 3 * HOUR, start + 6 * HOUR)


def send(api, window=None, **conf):
    """A run of bronze, and of what it wakes; without a window as the schedule reads."""
    if window is not None:
        asked = {"since": window.since.isoformat(), "until": window.until.isoformat()}
        conf = LISTENED_TO | asked | conf
    body = {"logical_date": None, "conf": conf}
    made = patiently(lambda: api.post(f"/dags/{BRONZE}/dagRuns", body))
    return made["dag_run_id"]


def run_path(run, dag=BRONZE):
    return f"/dags/{dag}/dagRuns/{quote(run, safe='')}"


def patiently(ask, within=300):
    """What may be asked while the API is being started again."""
    until = time.monotonic() + within
    while True:
        try:
            return ask()
        except ApiSilent:
            assert time.monotonic() < until, "the API stays silent"
            time.sleep(0.5)


def wait_until_quiet(api, within=600):
    """Until no run of any DAG is queued or runs."""
    until = time.monotonic() + within
    while going := patiently(
        lambda: api.everything("/dags/~/dagRuns", "dag_runs", state=["queued", "running"])
    ):
        assert time.monotonic() < until, [(run["dag_id"], run["state"]) for run in going]
        time.sleep(0.5)


def wait_until_all_is_done(stack, within=600):
    """Until nothing goes on and nothing is left to do."""
    until = time.monotonic() + within
    while True:
        wait_until_quiet(stack.api, within)
        left = what_is_left(stack.settings)
        if not left:
            return
        assert time.monotonic() < until, left
        time.sleep(1)


def said_by_tasks(stack, since):
    """What the logs of tasks say that were written to since then."""
    logs = (stack.newcomer.run_folder / "airflow" / "logs").rglob("*.log")
    return "".join(log.read_text() for log in logs if log.stat().st_mtime >= since)


def what_is_left(settings):
    """What should be nothing and is something."""
    with connect(settings, "owner") as connection:
        counts = {what: connection.execute(query).fetchone()[0] for what, query in LEFT.items()}
    return {what: count for what, count in counts.items() if count}


def expected_of(stack, undisturbed, *windows, instance="mastodon.demo"):
    """The rows of these windows where nothing happened but one reading of each."""
    listening = {"targets_file": stack.settings.targets_file, "sentiment_backend": "vader"}
    quiet = undisturbed.model_copy(update=listening)
    for window in windows:
        read_at_once(quiet, window, instance)
    # Once all are read: what arrived late of one is found in the next.
    return [rows_of(quiet, window, instance) for window in windows]


def is_whole(stack, undisturbed, *windows, instance="mastodon.demo"):
    """Nothing lost, nothing doubled: what one reading gives, and every promise of silver and gold."""
    expected = expected_of(stack, undisturbed, *windows, instance=instance)
    assert sum(map(len, expected)) > 0
    found = [rows_of(stack.settings, window, instance) for window in windows]
    assert found == expected
    assert what_is_left(stack.settings) == {}
    with connect(stack.settings) as connection:
        check_silver(connection, stack.settings, whole=True)
        check_gold(connection)
