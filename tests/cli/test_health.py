"""`chorus healthcheck` and `chorus slo`, as cron and people run them."""

import tempfile
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from chorus.cli import health
from chorus.cli.main import app
from chorus.pipelines.slo import measure_objectives
from chorus.warehouse.connection import connect

# A run every so many hours, which read the window before it.
ENDING = """
with runs as (
    insert into bronze.pipeline_runs (
        pipeline_run_id, dag_id, run_id, source, code_version, started_at, window_since, window_until
    )
    select
        'bronze_mastodon/' || n, 'bronze_mastodon', n, 'mastodon', '1', ended_at - %(took)s, ended_at - every, ended_at
    from generate_series(1, %(runs)s) as n
    cross join make_interval(hours => %(hours)s) as every
    cross join lateral (select now() - n * every + interval '1 minute') as at (ended_at)
    returning pipeline_run_id, dag_id, source, started_at, window_until
)

insert into ops.job_endings (pipeline_run_id, dag_id, source, state, started_at, ended_at)
select pipeline_run_id, dag_id, source, 'success', started_at, window_until from runs
"""
QUALITY = """
insert into ops.quality_results (pipeline_run_id, measure, value, passed, rows_checked, rows_failed)
values ('r', 'completeness', 0.99, true, 1000, 10), ('r', 'uniqueness', 0.98, true, 100, 2)
"""


def ended(runs, *, minutes=4, hours=1):
    return {"took": timedelta(minutes=minutes), "runs": runs, "hours": hours}


@pytest.fixture
def objective(warehouse_settings):
    """What `chorus slo` measures, by the role that it asks as."""

    def objective(name):
        with connect(warehouse_settings, "monitor") as monitor:
            found = measure_objectives(monitor, warehouse_settings)
        return next(each for each in found if each.name == name)

    return objective


@pytest.fixture
def chorus(warehouse_settings, monkeypatch, tmp_path):
    def chorus(*words, **settings):
        given = warehouse_settings.model_copy(update=settings)
        monkeypatch.setattr(health, "load_settings", lambda: given)
        monkeypatch.setenv("COLUMNS", "160")
        return CliRunner().invoke(app, words)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return chorus


def test_the_health_check_is_one_line_and_an_exit_code(chorus, owner):
    silent = chorus("healthcheck")
    assert (silent.exit_code, silent.output) == (1, "Not well. Nothing was ever ingested.\n")
    owner.execute(ENDING, ended(1, minutes=1))
    well = chorus("healthcheck")
    assert well.exit_code == 0
    assert well.output == "Well. The last run that ingested something ended 59 minutes ago.\n"
    owner.execute("update ops.job_endings set ended_at = now() - interval '1 minute'")
    assert "ended 1 minute ago." in chorus("healthcheck").output
    down = chorus("healthcheck", database_port=9)
    assert down.exit_code == 1
    assert down.output.count("\n") == 1
    assert "check DATABASE_*" in down.output


def test_a_warehouse_that_answers_and_cannot_say_is_one_line_too(chorus, owner, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    with owner.transaction():
        owner.execute("lock table ops.job_endings")
        locked = chorus("healthcheck")
    assert (locked.exit_code, locked.output) == (
        1,
        "Not well. PostgreSQL refused: canceling statement due to statement timeout.\n",
    )
    owner.execute("drop table ops.job_endings")
    missing = chorus("healthcheck")
    assert (missing.exit_code, missing.output.count("\n")) == (1, 1)
    assert "does not exist" in missing.output


def test_the_health_check_tells_people_when_asked_to(chorus, owner, monkeypatch):
    told = []
    monkeypatch.setattr(
        "chorus.notify.channels.Mail.send", lambda _, alarm: told.append(alarm.headline)
    )
    mail = {"sla_emails": ("ops@example.org",), "smtp_host": "127.0.0.1"}
    chorus("healthcheck", "--alarm", **mail)
    chorus("healthcheck", "--alarm", **mail)
    owner.execute(ENDING, ended(1, minutes=1))
    chorus("healthcheck", "--alarm", **mail)
    assert len(told) == 2
    assert told[0] == "Nothing was ever ingested."
    assert told[1].startswith("Silence is well again.")


def test_the_objectives_of_thirty_days_are_shown_beside_what_was_promised(chorus, owner):
    assert "nothing yet" in chorus("slo").output
    owner.execute(ENDING, ended(48, minutes=4))
    owner.execute(QUALITY)
    shown = chorus("slo")
    assert shown.exit_code == 1
    lines = {
        line.split(":")[0].strip("│ "): line
        for line in shown.output.splitlines()
        if ":" in line
    }
    assert "99.00 %" in lines["completeness"]
    assert "MISSED" in lines["duplicates"]
    assert "4.00 min" in lines["mean_run_minutes"]
    assert "100.00 %" in lines["uptime"]
    assert shown.output.count("MISSED") == 1


def test_a_silence_of_a_day_is_taken_from_the_uptime(objective, owner):
    owner.execute(ENDING, ended(100))
    owner.execute(
        "delete from ops.job_endings where ended_at between now() - interval '60 hours' and now() - interval '34 hours'"
    )
    found = objective("uptime")
    # 26 hours are missing: a gap of 27 hours of about 100, of which 2 may be silent.
    assert found.measured == pytest.approx(100 - 25, abs=0.5)
    assert not found.is_met


def test_a_second_look_fills_no_gap_of_the_uptime(objective, owner):
    owner.execute(ENDING, ended(100))
    owner.execute(
        "update bronze.pipeline_runs set window_since = null, window_until = null"
        " where started_at between now() - interval '60 hours' and now() - interval '34 hours'"
    )
    assert objective("uptime").measured == pytest.approx(100 - 25, abs=0.5)


def test_a_source_that_is_read_every_six_hours_is_up_in_between(objective, owner):
    owner.execute(ENDING, ended(20, hours=6))
    assert objective("uptime").measured == 100


def test_a_silence_that_began_before_the_thirty_days_is_taken_from_their_uptime(
    objective, owner
):
    owner.execute(ENDING, ended(40 * 24))
    owner.execute(
        "delete from ops.job_endings where ended_at between now() - interval '31 days' and now() - interval '5 hours'"
    )
    # Of 720 hours the last five were heard, but for the hour in which they began.
    assert objective("uptime").measured == pytest.approx(100 * 5 / 720, abs=0.2)


def test_thirty_days_without_a_sound_are_no_uptime_at_all(objective, owner):
    owner.execute(ENDING, ended(40 * 24))
    owner.execute("delete from ops.job_endings where ended_at > now() - interval '31 days'")
    assert objective("uptime").measured == 0


def test_what_ended_just_before_the_thirty_days_is_still_heard_in_them(objective, owner):
    owner.execute(ENDING, ended(40 * 24))
    assert objective("uptime").measured == 100
