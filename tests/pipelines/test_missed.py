"""What an outage kept a run from reading is read by the next one, as that run's own."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.demo.network import demo_network
from chorus.domain.errors import SourceError
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.missed import FOR_A_PERSON, MISSED_BY, list_missed, make_up
from chorus.pipelines.runs import close_run, open_run
from chorus.sources import http
from chorus.warehouse.connection import connect

NINE = datetime(2026, 11, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAG = "bronze_mastodon"


@pytest.fixture
def network():
    with demo_network(clock=lambda: NINE + 9 * 24 * HOUR, limits=False) as running:
        yield running


@pytest.fixture
def target(network):
    """As list_targets gives it."""

    def target(name="python", base_url=network.mastodon_url):
        timeline = {"instance": "mastodon.demo", "timeline": "hashtag", "name": name}
        return {"source": "mastodon", "base_url": base_url, **timeline}

    return target


@pytest.fixture
def ran(warehouse, warehouse_settings, monkeypatch):
    """A run of an hour, with whatever of its targets it got."""
    monkeypatch.setattr(http, "nap", lambda _: 0)

    def ran(hour, *targets, dag=DAG):
        run, window = f"{dag}/{hour}", Window(NINE + hour * HOUR, NINE + (hour + 1) * HOUR)
        open_run(warehouse, warehouse_settings, run, source="mastodon", window=window)
        for target in targets:
            try:
                extract(warehouse, warehouse_settings, target, window, run)
            except SourceError:
                continue
        close_run(warehouse, run)
        return run

    return ran


@pytest.fixture
def missed(warehouse, warehouse_settings):
    def missed(*targets):
        found = list_missed(warehouse, warehouse_settings, DAG, targets)
        warehouse.commit()
        return found

    return missed


def read(connection):
    found = connection.execute("select post_id from bronze.raw_events order by 1").fetchall()
    connection.commit()
    return found


def test_it_is_made_up_for_once_and_as_if_nothing_had_been(
    ran, missed, target, warehouse, warehouse_settings, other_warehouse_settings
):
    [one, other] = [target("python"), target("caturday")]
    run = ran(0, target("python", "http://127.0.0.1:9"), other)
    ran(1, one, other)
    [again] = missed(one, other)
    assert (again["name"], again[MISSED_BY]["run"]) == ("python", run)

    make_up(warehouse, warehouse_settings, again)

    assert missed(one, other) == []
    states = "select state from bronze.pipeline_runs order by pipeline_run_id"
    assert warehouse.execute(states).fetchall() == [("success",), ("success",)]
    endings = "select state from ops.job_endings where pipeline_run_id = %s order by id"
    assert warehouse.execute(endings, [run]).fetchall() == [("partial",), ("success",)]
    with connect(other_warehouse_settings) as undisturbed:
        for hour in (0, 1):
            for each in (one, other):
                window = Window(NINE + hour * HOUR, NINE + (hour + 1) * HOUR)
                extract(undisturbed, other_warehouse_settings, each, window, f"{DAG}/{hour}")
        expected = read(undisturbed)
    assert read(warehouse) == expected
    assert len(expected) > 10


def test_what_fails_again_is_missed_still(ran, missed, target, warehouse, warehouse_settings):
    ran(0, target("python", "http://127.0.0.1:9"))
    [again] = missed(target("python", "http://127.0.0.1:9"))
    with pytest.raises(SourceError):
        make_up(warehouse, warehouse_settings, again)
    assert len(missed(target("python"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        "update bronze.pipeline_runs set started_at = started_at - interval '25 hours'",
        "update bronze.pipeline_runs set finished_at = null",
        "update bronze.pipeline_runs set window_since = null, window_until = null",
        "update bronze.pipeline_steps set state = 'running'",
        *(
            f"update bronze.pipeline_steps set error_class = '{error.__name__}'"
            for error in FOR_A_PERSON
        ),
    ],
)
def test_what_is_old_or_under_way_or_for_a_person_is_left_alone(
    ran, missed, target, owner, change
):
    ran(0, target("python", "http://127.0.0.1:9"))
    assert len(missed(target("python"))) == 1
    owner.execute(change)
    assert missed(target("python")) == []


def test_it_is_of_this_dag_and_of_what_is_still_listened_to(ran, missed, target):
    ran(0, target("python", "http://127.0.0.1:9"), dag="bronze_elsewhere")
    ran(1, target("dropped", "http://127.0.0.1:9"))
    assert missed(target("python")) == []


def test_a_process_that_was_killed_is_made_up_for_once_nobody_waits_for_it(
    ran, missed, target, owner
):
    ran(0, target("python"))
    owner.execute(
        "update bronze.pipeline_steps set state = 'running', finished_at = null,"
        " started_at = now() - interval '61 minutes'"
    )
    assert len(missed(target("python"))) == 1
