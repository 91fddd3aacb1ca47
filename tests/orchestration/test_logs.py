"""Every line a task logs says of which run, source and window it is."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import structlog
from structlog.contextvars import clear_contextvars, get_contextvars

from chorus.domain.window import Window
from chorus.orchestration import logs, runs

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def inside(monkeypatch):
    """A task of a run."""

    def inside(dag_id, **params):
        run = SimpleNamespace(
            dag_id=dag_id,
            run_id="scheduled__1",
            run_type="scheduled",
            data_interval_start=NINE,
            data_interval_end=NINE + timedelta(hours=1),
            run_after=NINE + timedelta(hours=1),
        )
        for module in (logs, runs):
            monkeypatch.setattr(
                module, "get_current_context", lambda: {"dag_run": run, "params": params}
            )
        logs.bind_run()

    clear_contextvars()
    yield inside
    clear_contextvars()


def test_a_line_of_a_bronze_task_names_run_source_and_window(inside):
    inside("bronze_mastodon")
    line = structlog.contextvars.merge_contextvars(None, "info", {"event": "page 1"})
    assert line == {
        "event": "page 1",
        "run": "bronze_mastodon/scheduled__1",
        "source": "mastodon",
        "window": "2026-11-20T09:00:00Z to 2026-11-20T10:00:00Z",
    }


def test_a_task_that_makes_up_for_another_run_names_the_window_that_it_reads(inside):
    inside("bronze_mastodon")
    logs.bind_window(Window(NINE - timedelta(hours=5), NINE - timedelta(hours=4)))
    assert get_contextvars()["window"] == "2026-11-20T04:00:00Z to 2026-11-20T05:00:00Z"
    inside("bronze_mastodon")
    assert get_contextvars()["window"].startswith("2026-11-20T09")


def test_a_second_look_names_its_source_and_no_window_since_it_reads_none(inside):
    inside("bronze_mastodon")
    inside("bronze_mastodon_remeasure")
    assert get_contextvars() == {
        "run": "bronze_mastodon_remeasure/scheduled__1",
        "source": "mastodon",
    }


def test_a_task_without_a_window_names_its_run_alone(inside):
    inside("bronze_mastodon")
    inside("silver_star")
    assert get_contextvars() == {"run": "silver_star/scheduled__1"}


def test_a_window_that_contradicts_itself_is_left_to_the_task_that_needs_it(inside):
    inside("bronze_mastodon", hours=1, days=1)
    assert "window" not in get_contextvars()
    assert get_contextvars()["source"] == "mastodon"


def test_outside_of_a_task_nothing_is_bound():
    clear_contextvars()
    logs.bind_run()
    assert get_contextvars() == {}
