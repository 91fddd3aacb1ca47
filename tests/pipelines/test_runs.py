"""What is written down about runs and their steps."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import SourceRefused
from chorus.domain.window import Window
from chorus.pipelines.runs import close_run, new_cli_run, open_run, step

RUN = "bronze_mastodon/scheduled__2026-11-20T09:00:00+00:00"
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
WINDOW = Window(NINE, NINE + timedelta(hours=1))


@pytest.fixture
def run(warehouse, warehouse_settings):
    open_run(warehouse, warehouse_settings, RUN, source="mastodon", window=WINDOW)
    return RUN


def refuse(counts):
    counts["events_new"] += 5
    raise SourceRefused("It refuses us.")


def steps(connection):
    return connection.execute(
        "select step, target, state, counts, error_class, error, finished_at >= started_at"
        " from bronze.pipeline_steps order by step, target"
    ).fetchall()


def test_a_run_is_known_by_its_dag_and_its_window(warehouse, run):
    row = warehouse.execute(
        "select dag_id, run_id, source, window_since, window_until, state, code_version"
        " from bronze.pipeline_runs where pipeline_run_id = %s",
        [run],
    ).fetchone()
    dag_id, _, run_id = RUN.partition("/")
    assert row[:6] == (dag_id, run_id, "mastodon", WINDOW.since, WINDOW.until, "running")
    assert row[6]


def test_a_step_keeps_what_it_counted(warehouse, run):
    with step(warehouse, run, "extract", "here #python") as counts:
        counts["events_new"] += 3
        counts["requests"] += 2

    [row] = steps(warehouse)
    assert row == (
        "extract",
        "here #python",
        "success",
        {"events_new": 3, "requests": 2},
        None,
        None,
        True,
    )


def test_a_step_that_fails_says_why_and_loses_only_what_was_not_committed(warehouse, run):
    def fails():
        with step(warehouse, run, "extract", "here #python") as counts:
            counts["events_new"] += 1
            warehouse.execute("insert into ops.source_state values ('mastodon', 'kept')")
            warehouse.commit()
            warehouse.execute("insert into ops.source_state values ('mastodon', 'lost')")
            raise SourceRefused("It refuses us.")

    with pytest.raises(SourceRefused):
        fails()
    [row] = steps(warehouse)
    assert row[2:6] == ("failed", {"events_new": 1}, "SourceRefused", "It refuses us.")
    kept = warehouse.execute("select instance from ops.source_state").fetchall()
    assert kept == [("kept",)]


def test_a_step_whose_statement_failed_is_written_down_too(warehouse, run):
    with pytest.raises(Exception, match="division by zero"), step(warehouse, run, "load"):
        warehouse.execute("select 1 / 0")
    assert steps(warehouse)[0][4] == "DivisionByZero"


def test_a_retry_begins_a_step_anew(warehouse, run):
    with pytest.raises(SourceRefused), step(warehouse, run, "extract") as counts:
        refuse(counts)
    with step(warehouse, run, "extract") as counts:
        counts["events_new"] += 2

    [row] = steps(warehouse)
    assert row[2:6] == ("success", {"events_new": 2}, None, None)


def test_closing_adds_up_the_steps(warehouse, run):
    for target in ("a", "b"):
        with step(warehouse, run, "extract", target) as counts:
            counts.update(events_extracted=10, events_new=4, events_seen_again=6, rejected=1)
    with step(warehouse, run, "transform") as counts:
        counts.update(transformed=7, rejected=1, something_else=9)
    warehouse.execute(
        "insert into ops.quality_results"
        " (pipeline_run_id, measure, value, rows_checked, rows_failed)"
        " values (%s, 'score', 98.5, 7, 0)",
        [run],
    )
    closed = close_run(warehouse, run)

    assert closed["state"] == "success"
    assert (closed["events_extracted"], closed["events_new"]) == (20, 8)
    assert (closed["transformed"], closed["rejected"], closed["quality_score"]) == (7, 3, 98.5)
    assert closed["durations"].keys() == {"extract", "transform"}


@pytest.mark.parametrize(("failing", "state"), [(1, "partial"), (2, "failed")])
def test_a_run_whose_targets_failed_says_so(warehouse, run, failing, state):
    for number in range(2):
        with suppress(SourceRefused), step(warehouse, run, "extract", f"{number}") as counts:
            if number < failing:
                refuse(counts)
    assert close_run(warehouse, run)["state"] == state


def test_a_run_that_did_not_get_through_has_failed_whatever_its_steps_say(warehouse, run):
    with step(warehouse, run, "extract", "a"):
        pass
    assert close_run(warehouse, run, got_through=False)["state"] == "failed"
    endings = warehouse.execute("select state from ops.job_endings").fetchall()
    assert endings == [("failed",)]


def test_a_cleared_run_is_open_again(warehouse, warehouse_settings, run):
    close_run(warehouse, run)
    open_run(warehouse, warehouse_settings, run, source="mastodon", window=WINDOW)
    state = warehouse.execute("select state, finished_at from bronze.pipeline_runs").fetchall()
    assert state == [("running", None)]


def test_a_run_of_the_command_line_has_a_name_of_its_own():
    assert new_cli_run() != new_cli_run()
    assert new_cli_run().startswith("cli/")
