"""What people do to a warehouse with Airflow's buttons: after each of it, it equals a rebuild."""

import time
from datetime import timedelta

import pytest

from chorus.warehouse.connection import connect
from tests.e2e.backfilling import (
    LISTENED_TO,
    begin_backfill,
    rows_of,
    runs_of,
    wait_for_backfill,
)
from tests.e2e.rebuilding import equals_a_rebuild
from tests.faults.waves import (
    day,
    expected_of,
    is_whole,
    run_path,
    send,
    wait_until_all_is_done,
    what_is_left,
)

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(3600)]

HOUR = timedelta(hours=1)
MASTODON, REDDIT = "bronze_mastodon", "bronze_reddit"


@pytest.fixture
def done(calm, undisturbed):
    """All is done, these windows are as one reading gives them, and silver and gold as a rebuild makes them."""

    def done(*windows):
        wait_until_all_is_done(calm)
        if windows:
            is_whole(calm, undisturbed, *windows)
        equals_a_rebuild(calm)

    return done


def clear(stack, dag, **what):
    body = {"dry_run": False, "only_failed": False, "reset_dag_runs": True, **what}
    found = stack.api.post(f"/dags/{dag}/clearTaskInstances", body)
    assert found["total_entries"] > 0
    return found["total_entries"]


def last_run(stack, dag):
    runs = stack.api.everything(f"/dags/{dag}/dagRuns", "dag_runs")
    return max(runs, key=lambda run: run["queued_at"])["dag_run_id"]


def test_a_run_with_params_and_then_one_task_and_the_whole_run_of_it_cleared(calm, done):
    window, _ = day(400)
    run = send(calm.api, window)
    done(window)
    for what in ({"task_ids": ["transform"]}, {"task_ids": ["extract"]}, {}):
        clear(calm, MASTODON, dag_run_id=run, **what)
        done(window)


def test_a_day_backfilled_backwards_then_again_and_then_all_its_runs_cleared(calm, done):
    first, _ = day(401)
    window = type(first)(first.since, first.since + 24 * HOUR)
    for how in ({"run_backwards": True}, {"reprocess_behavior": "completed"}):
        wait_for_backfill(
            calm.api, begin_backfill(calm.api, MASTODON, window, LISTENED_TO, **how)
        )
        states = [run["state"] for run in runs_of(calm.api, window)]
        assert states == ["success"] * 24
        done(window)
    until = window.until - timedelta(minutes=1)
    since, until = window.since.isoformat(), until.isoformat()
    assert clear(calm, MASTODON, start_date=since, end_date=until) > 24
    done(window)


def test_two_sources_backfilled_at_once_while_schedules_go_on(calm, done):
    first, _ = day(402)
    window = type(first)(first.since, first.since + 24 * HOUR)
    going = [
        begin_backfill(calm.api, MASTODON, window, LISTENED_TO),
        begin_backfill(calm.api, REDDIT, window, {}),
    ]
    present = send(calm.api)
    for each in going:
        wait_for_backfill(calm.api, each)
    done(window)
    assert calm.api.get(run_path(present))["state"] == "success"
    for dag, runs in ((MASTODON, 24), (REDDIT, 4)):
        assert [run["state"] for run in runs_of(calm.api, window, dag)] == ["success"] * runs


def test_a_downstream_dag_cleared_alone(calm, done):
    window, _ = day(403)
    send(calm.api, window)
    done(window)
    for dag in ("silver_star", "gold_views", "notify_discord"):
        clear(calm, dag, dag_run_id=last_run(calm, dag))
        done(window)


@pytest.mark.parametrize("consumer", ["silver_star", "gold_views"])
def test_nothing_stays_behind_a_consumer_that_was_paused_for_some_waves(calm, done, consumer):
    first, then = day(404 if consumer == "silver_star" else 405)
    calm.api.patch(f"/dags/{consumer}", {"is_paused": True})
    try:
        for window in (first, then):
            run = send(calm.api, window)
            until = time.monotonic() + 300
            while calm.api.get(run_path(run))["state"] != "success":
                assert time.monotonic() < until
                time.sleep(1)
        assert what_is_left(calm.settings)
    finally:
        calm.api.patch(f"/dags/{consumer}", {"is_paused": False})
    # The bells that rang meanwhile are lost: the next wave's wakes it for all of them.
    send(calm.api)
    done(first, then)


def replay(stack, window, *layers):
    conf = {
        "what": "window",
        "dry_run": False,
        "from": window.since.isoformat(),
        "to": window.until.isoformat(),
        "layers": list(layers),
    }
    stack.api.post("/dags/ops_replay/dagRuns", {"logical_date": None, "conf": conf})


def test_another_model_reads_a_window_again(calm, done):
    window, _ = day(406)
    send(calm.api, window)
    done(window)
    card = calm.newcomer.clone / "include" / "models" / "vader.toml"
    before = card.read_text()
    card.write_text(before.replace('revision = "3.3.2"', 'revision = "3.3.2-again"'))
    try:
        replay(calm, window, "bronze")
        done()
        assert models_of(calm.settings, window) == {"3.3.2-again"}
    finally:
        card.write_text(before)
    replay(calm, window, "bronze")
    done()
    assert models_of(calm.settings, window) == {"3.3.2"}


def models_of(settings, window):
    query = """
        select distinct mood.model_revision from dim_facts.fact_toot_engagement as fact
        join dim_facts.dim_sentiment as mood using (sentiment_key)
        join dim_facts.dim_content as content using (content_key)
        where content.created_at >= %s and content.created_at < %s
    """
    with connect(settings, "reader") as connection:
        found = connection.execute(query, [window.since, window.until])
        return {revision for (revision,) in found}


BUG = """

_right = plain_text


def plain_text(html: str) -> str:
    return _right(html).upper()
"""


def test_a_window_that_a_bug_made_a_mess_of_is_replayed_in_all_layers_once_it_is_mended(
    calm, done, undisturbed
):
    window, _ = day(407)
    code = calm.newcomer.clone / "include" / "chorus" / "transform" / "plain_text.py"
    right = code.read_text()
    code.write_text(right + BUG)
    try:
        send(calm.api, window)
        done()
    finally:
        code.write_text(right)
    assert [rows_of(calm.settings, window)] != expected_of(calm, undisturbed, window)
    replay(calm, window, "bronze", "silver", "gold")
    done(window)
