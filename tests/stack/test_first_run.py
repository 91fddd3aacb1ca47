"""What may be silent, late or broken around the first run, and what is said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import StackError
from chorus.stack import first_run
from chorus.stack.airflow_api import AirflowApi
from chorus.stack.summary import caught_alerts


@pytest.fixture
def api(httpserver):
    httpserver.expect_request("/auth/token").respond_with_json({"access_token": "token"})
    return AirflowApi(httpserver.url_for("").rstrip("/"), "s3cret")


def test_a_due_run_that_never_starts_is_given_up(api, httpserver, monkeypatch):
    monkeypatch.setattr(first_run, "DUE_WITHIN", -1.0)
    dag, due = "/api/v2/dags/bronze", {"next_dagrun_run_after": "2026-11-21T14:00:00Z"}
    httpserver.expect_request(dag).respond_with_json(due)
    none = {"dag_runs": [], "total_entries": 0}
    httpserver.expect_request(f"{dag}/dagRuns").respond_with_json(none)
    with pytest.raises(StackError, match="bronze is due and was not started"):
        first_run.first_runs(api, ["bronze"], supervisor=None)


class Parsed:
    """An API that knows a DAG and an error of an earlier start, and hears of this one's with each look."""

    def __init__(self, began, **parsed):
        self.began, self.parsed, self.looks = began, parsed, 0

    def wait(self, _):
        self.looks += 1

    def everything(self, _, key):
        def at(minutes):
            return (self.began + timedelta(minutes=minutes)).isoformat()

        if key == "dags":
            looks = self.parsed.items()
            return [
                {"dag_id": dag, "last_parsed_time": at(1 if self.looks >= after else -1)}
                for dag, after in looks
            ]
        return [{"filename": "dags/bronze.py", "stack_trace": "E: gone\n", "timestamp": at(-1)}]


def test_a_dag_that_an_earlier_start_knew_is_waited_for_until_this_one_has_parsed_it(tmp_path):
    for stem in ("bronze", "silver"):
        (tmp_path / f"{stem}.py").touch()
    began = datetime(2026, 11, 21, 14, tzinfo=UTC)
    api = Parsed(began, bronze=2, silver=1)
    found = first_run.wait_until_parsed(api, tmp_path, "bronze", began, supervisor=api)
    assert (found, api.looks) == (["bronze", "silver"], 2)


def test_a_wave_begins_with_every_dag_that_reads_a_window():
    dags = ["bronze_mastodon", "bronze_mastodon_remeasure", "bronze_reddit", "silver_star"]
    assert first_run.that_read(dags) == ["bronze_mastodon", "bronze_reddit"]


def test_a_health_answer_that_is_no_json_means_not_up_yet(api, httpserver):
    health = httpserver.expect_request("/api/v2/monitor/health")
    health.respond_with_data("<html>starting</html>")
    assert not api.is_up()


def test_a_demo_network_that_just_died_does_not_take_the_summary_with_it():
    gone = "http://127.0.0.1:9"
    assert "does not say what its Discord got" in caught_alerts(gone, gone)
