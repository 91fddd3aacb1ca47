"""The wave is followed through Airflow's REST API, whose answers here were seen from Airflow 3.3.2."""

import io
import json
import re
from urllib.parse import unquote

import pytest
from rich.console import Console
from werkzeug import Response

from chorus.config import Settings
from chorus.domain.errors import StackError
from chorus.stack import main
from chorus.stack import wave as waves
from chorus.stack.airflow_api import AirflowApi
from chorus.stack.bring_up import Stack
from chorus.stack.first_run import trigger
from chorus.stack.progress import shown
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor
from chorus.stack.task_logs import last_words
from chorus.stack.voice import Voice
from chorus.stack.wave import Run, Task, Wave, follow

FIRST = "manual__2026-11-21T14:32:26+00:00"
SECOND = "asset_triggered__2026-11-21T14:32:38+00:00_iObrsjGh"
EVENT_AT = "2026-11-21T14:32:39.123456Z"


class Airflow:
    """As much of Airflow as the wave looks at; tests move it on by hand."""

    def __init__(self, server):
        self.runs = {}
        self.started = {}
        self.events = {}
        self.listeners = {}
        self.signed_in = 0
        self.stumbles = 0
        self.starts_with = ("queued",)
        server.expect_request("/auth/token", method="POST").respond_with_handler(self._token)
        server.expect_request(
            "/api/v2/dags/bronze/dagRuns", method="POST"
        ).respond_with_handler(self._trigger)
        server.expect_request(re.compile("^/api/v2/")).respond_with_handler(self._answer)
        self.api = AirflowApi(server.url_for("").rstrip("/"), "s3cret")

    def run(self, dag, run_id, state, *tasks, started=""):
        self.runs[dag, run_id] = (state, tasks)
        self.started[dag, run_id] = started

    def event(self, dag, run_id, asset, *woken):
        self.events[dag, run_id] = [
            {
                "asset_id": asset,
                "timestamp": EVENT_AT,
                "created_dagruns": [{"dag_id": d, "run_id": r} for d, r in woken],
            }
        ]

    def _token(self, request):
        self.signed_in += 1
        ok = request.json == {"username": "admin", "password": "s3cret"}
        return _json({"access_token": f"token {self.signed_in}"}, 201 if ok else 401)

    def _trigger(self, request):
        assert request.json == {"logical_date": None, "conf": {}}
        self.run("bronze", FIRST, *self.starts_with)
        return _json({"dag_run_id": FIRST})

    def _answer(self, request):
        if request.headers["Authorization"] != f"Bearer token {self.signed_in}":
            return _json({"detail": "expired"}, 401)
        if self.stumbles:
            self.stumbles -= 1
            return Response("Internal Server Error", status=500)
        parts = [unquote(part) for part in request.path.removeprefix("/api/v2/").split("/")]
        if parts[0] == "assets":
            return self._asset(parts[1], request.args)
        if parts[2:] == ["dagRuns"]:
            since = request.args["start_date_gte"]
            started = [
                {"dag_run_id": run}
                for dag, run in self.runs
                if dag == parts[1] and self.started[dag, run] >= since
            ]
            return _json({"dag_runs": started})
        state, tasks = self.runs[parts[1], parts[3]]
        if parts[-1] != "taskInstances":
            return _json({"state": state})
        since, limit = int(request.args["offset"]), int(request.args["limit"])
        page = tasks[since : since + limit]
        return _json({"task_instances": page, "total_entries": len(tasks)})

    def _asset(self, which, args):
        if which != "events":
            listeners = [{"dag_id": dag} for dag in self.listeners.get(int(which), ())]
            return _json({"scheduled_dags": listeners})
        events = self.events.get((args["source_dag_id"], args["source_run_id"]), [])
        return _json({"asset_events": events, "total_entries": len(events)})


def _json(body, status=200):
    return Response(json.dumps(body), status=status, content_type="application/json")


def task(name, state, map_index=-1, attempt=1, started=None):
    return {
        "start_date": started,
        "task_id": name,
        "map_index": map_index,
        "state": state,
        "try_number": attempt,
        "rendered_map_index": None,
    }


@pytest.fixture
def airflow(httpserver):
    return Airflow(httpserver)


@pytest.fixture
def wave(airflow):
    return Wave(airflow.api, trigger(airflow.api, "bronze"))


def test_a_wave_goes_on_through_every_run_that_an_asset_wakes(airflow, wave):
    airflow.listeners = {1: ["silver"]}
    airflow.run("bronze", FIRST, "running", task("load", "success"))
    airflow.event("bronze", FIRST, 1)
    wave.look()
    assert not wave.is_over
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    wave.look()
    assert not wave.is_over, "the bell rang, silver is still to come"
    airflow.run("silver", SECOND, "running", task("load", None))
    airflow.event("bronze", FIRST, 1, ("silver", SECOND))
    wave.look()
    airflow.run("silver", SECOND, "success", task("load", "success"), task("ask", "skipped"))
    wave.look()
    wave.look()
    assert wave.is_over
    assert wave.went_well
    assert [run.dag for run in wave.runs] == ["bronze", "silver"]


def test_a_green_run_with_a_failed_mapped_task_did_not_go_well(airflow, wave):
    tasks = [
        task("extract", "success", 0),
        task("extract", "failed", 1),
        task("load", "success"),
    ]
    airflow.run("bronze", FIRST, "success", *tasks)
    wave.look()
    assert wave.is_over
    assert not wave.went_well
    [(run, failed)] = wave.failures
    assert (run.dag, failed.name, failed.map_index) == ("bronze", "extract", 1)


def test_a_first_wave_with_a_failed_task_ends_with_1_and_the_last_it_said(
    airflow, tmp_path, monkeypatch
):
    run, said = RunFolder(tmp_path), io.StringIO()
    log = (
        run.airflow
        / f"logs/dag_id=bronze/run_id={FIRST}/task_id=extract/map_index=1/attempt=2.log"
    )
    log.parent.mkdir(parents=True)
    log.write_text(json.dumps({"level": "error", "event": "hub.example refused us."}) + "\n")
    monkeypatch.setattr(main, "unpause", lambda *_: None)
    monkeypatch.setattr(main, "first_runs", lambda api, *_: [trigger(api, "bronze")])
    monkeypatch.setattr(main, "show_summary", lambda *_: None)
    stack = Stack(airflow.api, Settings(_env_file=None), [], None)
    voice = Voice(Console(file=said, width=200))
    with Supervisor(run.root, voice) as supervisor:
        waiting = task("extract", "success", 0), task("extract", "failed", 1, attempt=2)
        airflow.starts_with = ("success", *waiting, task("score", "upstream_failed"))
        assert main._first_wave(stack, run, supervisor, voice) == 1
    assert "bronze.extract [1] failed:" in said.getvalue()
    assert "score is left out: what it waits for failed" in said.getvalue()
    assert "bronze.score" not in said.getvalue()
    assert "error hub.example refused us." in said.getvalue()


def test_the_hundred_and_first_mapped_task_is_seen(airflow, wave):
    tasks = [task("extract", "success", index) for index in range(149)]
    airflow.run("bronze", FIRST, "success", *tasks, task("extract", "failed", 149))
    wave.look()
    assert [failed.map_index for _, failed in wave.failures] == [149]


def test_a_listener_that_is_never_woken_is_named(airflow, wave, monkeypatch):
    monkeypatch.setattr(waves, "WOKEN_WITHIN", -1.0)
    airflow.listeners = {1: ["silver"]}
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    airflow.event("bronze", FIRST, 1)
    with pytest.raises(StackError, match="silver was not woken by bronze"):
        wave.look()


def test_a_listener_that_is_busy_is_waited_for(airflow, wave, monkeypatch):
    monkeypatch.setattr(waves, "WOKEN_WITHIN", 0.0)
    airflow.listeners = {1: ["silver"]}
    airflow.run("reddit", FIRST, "success", task("load", "success"))
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    airflow.run("silver", SECOND, "running", task("load", "running"))
    airflow.event("bronze", FIRST, 1, ("silver", SECOND))
    airflow.event("reddit", FIRST, 1)
    both = Wave(airflow.api, *wave.runs, Run("reddit", FIRST))
    both.look()
    both.look()
    airflow.run("silver", SECOND, "success", task("load", "success"))
    with pytest.raises(StackError, match="silver was not woken by reddit"):
        both.look()


def test_a_listener_whose_run_of_other_events_began_after_this_one_has_seen_it(
    airflow, wave, monkeypatch
):
    monkeypatch.setattr(waves, "OWN_RUN_WITHIN", -1.0)
    airflow.listeners = {1: ["silver"]}
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    airflow.event("bronze", FIRST, 1)
    airflow.run("silver", FIRST, "success", started="2026-11-21T14:32:39.023456Z")
    wave.look()
    assert not wave.is_over
    airflow.run("silver", SECOND, "running", started="2026-11-21T14:32:39.323456Z")
    wave.look()
    wave.look()
    assert [run.run_id for run in wave.runs if run.dag == "silver"] == [SECOND]
    assert not wave.is_over
    airflow.run("silver", SECOND, "success", started="2026-11-21T14:32:39.323456Z")
    wave.look()
    assert wave.is_over
    assert wave.went_well


def test_an_aged_token_is_replaced(airflow, wave):
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    airflow.signed_in += 1
    wave.look()
    assert wave.is_over


def test_an_api_that_is_away_for_a_moment_is_asked_again(airflow, wave, httpserver):
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    httpserver.stop()
    wave.look()
    assert not wave.is_over
    httpserver.start()
    wave.look()
    assert wave.is_over


def test_an_api_that_stumbles_is_asked_again(airflow, wave):
    airflow.run("bronze", FIRST, "success", task("load", "success"))
    airflow.stumbles = 1
    wave.look()
    assert not wave.is_over
    wave.look()
    assert wave.is_over


def test_an_api_that_says_nothing_for_long_is_given_up(airflow, wave, monkeypatch):
    monkeypatch.setattr(waves, "SILENT_FOR", -1.0)
    airflow.stumbles = 1
    with pytest.raises(StackError, match="answers /api/v2/dags/bronze"):
        wave.look()


def test_where_there_is_no_terminal_each_task_is_one_line_once_it_is_done(airflow, wave):
    said = io.StringIO()
    steps = iter(
        [
            ("running", task("extract", "success", 0), task("extract", "running", 1)),
            ("running", task("extract", "success", 0), task("extract", "success", 1)),
            ("success", task("extract", "success", 0), task("extract", "success", 1)),
        ]
    )

    def move_on(_seconds=0.0):
        airflow.run("bronze", FIRST, *next(steps))

    move_on()
    with shown(Voice(Console(file=said))) as display:
        follow(wave, 0, move_on, display.show)
    assert [line.split(maxsplit=1)[1] for line in said.getvalue().splitlines()] == [
        "bronze         extract done (2 times)",
        "bronze         all done",
    ]


def test_tasks_are_told_in_the_order_in_which_they_went(airflow, wave):
    said = io.StringIO()
    later, sooner = "2026-11-21T20:03:47Z", "2026-11-21T20:03:44Z"
    tasks = [task("load", "success", started=later), task("read", "success", started=sooner)]
    airflow.run("bronze", FIRST, "success", *tasks)
    with shown(Voice(Console(file=said))) as display:
        follow(wave, 0, lambda _: None, display.show)
    assert [line.split()[2] for line in said.getvalue().splitlines()] == ["read", "load", "all"]


def test_on_a_terminal_a_bar_says_how_far_each_run_is(airflow, wave):
    said = io.StringIO()
    airflow.run("bronze", FIRST, "success", task("extract", "success", 0))
    console = Console(file=said, force_terminal=True, width=100)
    with shown(Voice(console)) as display:
        follow(wave, 0, lambda _: None, display.show)
    assert "bronze" in said.getvalue()
    assert "1/1" in said.getvalue()


def test_the_last_words_of_a_failed_task_name_its_error(tmp_path):
    run = Run("bronze", FIRST)
    log = tmp_path / f"dag_id=bronze/run_id={FIRST}/task_id=extract/map_index=1/attempt=2.log"
    log.parent.mkdir(parents=True)
    entries = [
        {"timestamp": "2026-11-21T14:32:25.1Z", "level": "info", "event": "::group::Execute"},
        {"timestamp": "2026-11-21T14:32:26.1Z", "level": "info", "event": "asking"},
        {
            "timestamp": "2026-11-21T14:32:27.1Z",
            "level": "error",
            "event": "Task failed with exception",
            "error_detail": [{"exc_type": "SourceRefused", "exc_value": "401"}],
        },
    ]
    log.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + "not JSON\n")
    assert last_words(tmp_path, run, Task("extract", 1, "failed", 2, "")) == [
        "14:32:26 info asking",
        "14:32:27 error Task failed with exception SourceRefused: 401",
        "not JSON",
    ]
    assert last_words(tmp_path, run, Task("extract", 1, "upstream_failed", 0, "")) == []
