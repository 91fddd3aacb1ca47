"""`make run`, and the targets beside it, in a fresh clone: from the first line to the last process."""

import json
import re
import time
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from chorus.warehouse.catalogue import verify
from chorus.warehouse.connection import connect
from tests.e2e.backfilling import (
    backfill,
    hours_before_that,
    read_at_once,
    rows_of,
    runs_of,
)
from tests.e2e.newcomer import rows_said
from tests.exporter.scraping import configure, program, running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

WAVE = ("bronze_mastodon", "bronze_reddit", "silver_star", "gold_views")
# Those that a stack which has just sent its first wave has no cause for.
COMPLAINTS = {"ChorusExporterDown", "ChorusWarehouseDown", "ChorusSilence", "ChorusQualityLow"}
VIEWS = {
    "mv_daily_engagement_summary",
    "mv_top_performing_content",
    "mv_account_influence_analysis",
    "mv_hashtag_performance",
    "mv_hourly_posting_patterns",
    "mv_sentiment_trends",
    "mv_viral_content_indicators",
}


def test_the_first_run_ends_well(first_run):
    assert first_run.returncode == 0, first_run.stdout


def test_it_heals_what_a_start_left_that_was_killed_while_it_made_the_databases(first_run):
    assert "An earlier start was killed; what it left is ended first." in first_run.stdout


def test_the_summary_shows_rows_in_every_layer(first_run):
    rows = rows_said(first_run.stdout)
    for table in ("raw_events", "dim_content", "fact_toot_engagement", *VIEWS):
        assert rows.get(table, 0) > 0, first_run.stdout
    assert rows["dim_content"] == rows["fact_toot_engagement"]


def test_the_summary_waits_for_the_subreddits_and_names_them(first_run):
    assert re.search(r"bronze_reddit +load done", first_run.stdout), first_run.stdout
    assert re.search(r"^Posts of: .*r/\w+ \(\d", first_run.stdout, re.MULTILINE), (
        first_run.stdout
    )


def test_the_summary_says_which_backend_read_the_mood(first_run):
    assert "read by the vader backend" in first_run.stdout


def test_an_alert_reached_the_demo_networks_discord(first_run):
    found = re.search(r"Alerts on the demo network's Discord: (\d+)", first_run.stdout)
    assert found, first_run.stdout
    assert int(found[1]) >= 1


def test_nothing_is_left_of_the_first_run(first_run):
    assert first_run.still_there == []


def test_a_restart_finds_the_warehouse_as_the_migrations_make_it(stack):
    assert verify(stack.settings) == []


def test_no_dag_file_fails_to_import(stack):
    assert stack.api.everything("/importErrors", "import_errors") == []


def test_a_second_start_says_where_the_first_is(stack):
    second = stack.newcomer.make("run")
    assert second.returncode != 0
    assert stack.api.address in second.stdout


@pytest.mark.parametrize(
    ("target", "variables", "said"),
    [
        ("status", {}, r"scheduler +healthy"),
        ("verify", {}, "is what the migrations make"),
        ("verify-loader", {}, "keep every promise"),
        ("db-query", {"SQL": "select 'one' || 'two'"}, "onetwo"),
        ("psql", {}, ""),
        ("backup", {"FILE": "kept.dump"}, ""),
        ("quickstart", {}, "already runs here"),
    ],
)
def test_beside_the_running_stack_make(stack, target, variables, said):
    done = stack.newcomer.make(target, **variables)
    assert re.search(said, done.stdout), done.stdout
    assert (done.returncode == 0) == (target != "quickstart")


def test_a_backup_holds_the_warehouse(stack):
    assert (stack.newcomer.clone / "kept.dump").read_bytes()[:5] == b"PGDMP"


@pytest.mark.parametrize(
    ("target", "said"), [("logs", "==> .*scheduler.log"), ("logs-postgres", "LOG: ")]
)
def test_what_processes_say_is_followed_until_ctrl_c(stack, target, said):
    following = stack.newcomer.start(target)
    following.wait_for(said, within=30)
    following.interrupt()


def test_a_wave_can_be_sent_through_the_airflow_that_runs(stack):
    done = stack.newcomer.make("run-etl")
    assert done.returncode == 0, done.stdout
    assert re.search(r"gold_views +all done", done.stdout)


def _said_by(newcomer, pattern, within=120):
    """What a stack in the background says, whose starter has left by then."""
    patience = time.monotonic() + within
    while not (
        found := re.search(pattern, (newcomer.run_folder / "logs" / "run.log").read_text())
    ):
        assert time.monotonic() < patience, f"{pattern} was not said"
        time.sleep(0.5)
    return found


def test_the_exporter_tells_who_shows_the_token_how_the_first_wave_went(stack):
    address = _said_by(stack.newcomer, r"Metrics: (http\S+)\s+token in (\S+)")
    token = Path(address[2]).read_text()
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=8, backoff_factor=0.5)))
    assert session.get(address[1], timeout=30).status_code == 401
    told = session.get(
        address[1], headers={"Authorization": f"Bearer {token}"}, timeout=30
    ).text
    assert "\nchorus_warehouse_up 1.0" in told
    ended = re.findall(
        r'^pipeline_jobs_total{dag="(\w+)",.*state="success"} ', told, re.MULTILINE
    )
    assert {"bronze_mastodon", "silver_star", "gold_views"} <= set(ended)


def test_debians_prometheus_scrapes_the_stack_that_runs_and_finds_nothing_to_complain_of(
    stack, tmp_path
):
    program()
    address = _said_by(stack.newcomer, r"Metrics: http://(\S+)/metrics\s+token in (\S+)")
    config = configure(tmp_path, address[1], address[2])
    with running(config, tmp_path) as prometheus:
        prometheus.wait_for(
            lambda it: (
                it.values('pipeline_jobs_total{state="success"}').keys()
                >= {(dag, "success") for dag in WAVE}
            ),
            tmp_path / "log",
        )
        assert prometheus.firing() & COMPLAINTS == set()
        rules = prometheus.ask("rules")["groups"][0]["rules"]
        assert {rule["health"] for rule in rules} == {"ok"}


def test_every_line_of_a_task_says_whose_it_is(stack):
    logs = stack.newcomer.run_folder / "airflow" / "logs"
    ours = 0
    for log in logs.glob("dag_id=bronze_mastodon/**/*.log"):
        for line in map(json.loads, log.read_text().splitlines()):
            # What Airflow says round about names the run in words of its own.
            if line.get("logger", "").startswith("chorus."):
                assert line.keys() >= {"run", "source", "window"}, line
                assert line["source"] == "mastodon"
                ours += 1
    assert ours > 5


def test_the_page_behind_the_plugin_asks_for_a_sign_in(stack):
    session = requests.Session()
    session.trust_env = False
    page = f"{stack.api.address}/chorus"
    for path in ("/", "/warehouse/verify"):
        assert session.get(page + path, timeout=30).status_code == 401
    token = session.post(
        f"{stack.api.address}/auth/token",
        json={"username": "admin", "password": stack.api._password},
        timeout=30,
    ).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    for path, said in (("/", "It answers."), ("/warehouse/verify", "differences")):
        answer = session.get(page + path, timeout=60)
        assert answer.status_code == 200, answer.text
        assert said in answer.text


A_WEEK = pytest.param(168, marks=[pytest.mark.nightly, pytest.mark.timeout(4 * 3600)])


@pytest.mark.parametrize("hours", [A_WEEK, 12])
def test_hours_backfilled_twice_are_the_table_of_one_reading(stack, warehouse_settings, hours):
    window = hours_before_that(hours)
    listening = {"targets_file": stack.settings.targets_file, "sentiment_backend": "vader"}
    expected = read_at_once(warehouse_settings.model_copy(update=listening), window)
    assert len(expected) > 10
    for again in (False, True):
        assert backfill(stack.api, window, again) == ["success"] * hours
        assert rows_of(stack.settings, window) == expected


def test_clearing_a_backfilled_run_changes_nothing(stack):
    window = hours_before_that(1)
    posts = rows_of(stack.settings, window)
    [run] = runs_of(stack.api, window)
    path = f"/dags/bronze_mastodon/dagRuns/{requests.utils.quote(run['dag_run_id'], safe='')}"
    stack.api.post(f"{path}/clear", {"dry_run": False, "only_failed": False})
    patience = time.monotonic() + 240
    while stack.api.get(path)["state"] != "success":
        assert time.monotonic() < patience
        time.sleep(1)
    assert rows_of(stack.settings, window) == posts
    with connect(stack.settings) as connection:
        query = """
            select count(*) - count(distinct (source, instance, event_type, post_id, payload_hash, occurred_at))
            from bronze.raw_events
        """
        assert connection.execute(query).fetchone() == (0,)


def test_no_log_holds_a_secret(stack):
    kept = {
        file.read_text().strip()
        for file in (stack.newcomer.run_folder / "secrets").iterdir()
        if not file.name.endswith(".json")
    }
    told = {
        value.get_secret_value() for _, value in stack.settings if isinstance(value, SecretStr)
    }
    tokens = {url.rpartition("/")[2] for url in told if url.startswith("http")}
    secrets = kept | told | tokens
    secrets.discard(stack.api._password)  # shown to the person at the end, and only there
    assert tokens
    logs = [
        *(stack.newcomer.run_folder / "logs").rglob("*"),
        *(stack.newcomer.run_folder / "airflow" / "logs").rglob("*"),
    ]
    leaks = [
        log
        for log in logs
        if log.is_file()
        if log.name != "demo-network.log"  # the pretended Discord says what address it made up
        for text in [log.read_text(errors="replace")]
        if any(secret in text for secret in secrets if len(secret) > 8)
        or stack.api._password in text
    ]
    assert len(secrets) > 5
    assert leaks == []


def test_a_restart_from_another_terminal_goes_on_where_it_was(stack):
    window = hours_before_that(12)
    posts = rows_of(stack.settings, window)
    restarted = stack.newcomer.make("restart", JSON_LOGS="true")
    assert restarted.returncode == 0, restarted.stdout
    assert restarted.stdout.index("is stopped") < restarted.stdout.index("Airflow: ")
    assert rows_of(stack.settings, window) == posts != {}


@pytest.mark.parametrize(
    "part", ["api-server", "scheduler", "dag-processor", "run", "postgres"]
)
def test_since_it_was_told_to_every_line_of_a_log_is_an_object(stack, part):
    log = stack.newcomer.run_folder / "logs" / f"{part}.log"
    events = [_is_an_event(line) for line in log.read_text().splitlines()]
    assert sum(events) > 2
    assert all(events[events.index(True) :])


def _is_an_event(line):
    try:
        return json.loads(line).keys() >= {"timestamp", "level", "event"}
    except ValueError:
        return False
