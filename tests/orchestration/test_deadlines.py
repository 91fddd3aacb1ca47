"""A late run and a failed task become mails that say what a person needs."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from chorus.domain.errors import ChannelUnavailable, SourceRefused

LATE = {
    "dag_run": {
        "dag_id": "bronze_mastodon",
        "dag_run_id": "scheduled__2026-11-20T09:00:00+00:00",
        "queued_at": "2026-11-20T10:00:01Z",
        "start_date": None,
        "state": "running",
    },
    "deadline": {"id": "1", "deadline_time": datetime(2026, 11, 20, 10, 45, tzinfo=UTC)},
}


@pytest.fixture
def raised(monkeypatch):
    alarms = []
    monkeypatch.setattr(
        "chorus.pipelines.alarm.raise_alarm", lambda alarm, *_: alarms.append(alarm)
    )
    return alarms


@pytest.fixture
def knowing(monkeypatch, warehouse_settings, warehouse):
    """The triggerer's settings lead to a warehouse that knows the run."""
    from chorus.orchestration import trouble

    monkeypatch.setattr(trouble, "task_settings", lambda: warehouse_settings)
    run = f"bronze_mastodon/{LATE['dag_run']['dag_run_id']}"
    warehouse.execute(
        "insert into bronze.pipeline_steps (pipeline_run_id, step, target, state, started_at)"
        " values (%s, 'extract', 'a.example #python', 'running', '2026-11-20T10:00:05Z')",
        [run],
    )
    warehouse.execute(
        "insert into bronze.pipeline_runs"
        " (pipeline_run_id, dag_id, run_id, state, started_at, finished_at, code_version)"
        " select n::text, 'bronze_mastodon', n::text, 'success', now(), now() + n * interval '1 s', '1'"
        " from generate_series(1, 3) as n"
    )
    warehouse.commit()


@pytest.fixture
def states(monkeypatch):
    """What Airflow says of the tasks of a run."""
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    def say(**states):
        run = LATE["dag_run"]["dag_run_id"]
        monkeypatch.setattr(
            RuntimeTaskInstance,
            "get_task_states",
            staticmethod(lambda *_, **__: {run: states}),
        )

    return say


def test_a_late_run_says_which_tasks_are_not_done(raised, states):
    from chorus.orchestration.deadlines import mail_missed_deadline

    states(list_targets="success", extract="running", transform=None)
    asyncio.run(mail_missed_deadline(LATE))
    [alarm] = raised
    facts = dict(alarm.facts)
    assert alarm.headline == "bronze_mastodon is late."
    assert facts["Tasks not done"] == "extract: running\ntransform: not queued yet"
    assert facts["Was due"] == "20 Nov 2026, 10:45:00 UTC"
    assert facts["Started"] == "not yet"
    assert alarm.url.endswith(
        "/dags/bronze_mastodon/runs/scheduled__2026-11-20T09%3A00%3A00%2B00%3A00"
    )


def test_the_mail_goes_out_although_airflow_does_not_tell_the_states(raised, monkeypatch):
    from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
    from airflow.sdk.execution_time.comms import ErrorResponse
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    from chorus.orchestration.deadlines import mail_missed_deadline

    def refuse(dag_id, run_ids):
        raise AirflowRuntimeError(ErrorResponse(error=ErrorType.GENERIC_ERROR))

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", staticmethod(refuse))
    asyncio.run(mail_missed_deadline(LATE))
    assert "cannot be told" in dict(raised[0].facts)["Tasks not done"]


def test_a_failed_task_says_what_its_error_says(raised):
    from chorus.orchestration.deadlines import mail_failure

    mail_failure(failure(SourceRefused("a.example wants a token: set MASTODON_ACCESS_TOKEN.")))
    [alarm] = raised
    facts = dict(alarm.facts)
    assert alarm.headline == "bronze_mastodon failed in extract [2]."
    assert facts["Error"] == "SourceRefused"
    assert facts["It says"].startswith("a.example wants a token")
    assert alarm.url.endswith("/runs/manual__1/tasks/extract/mapped/2")


def failure(error):
    return {
        "ti": SimpleNamespace(task_id="extract", map_index=2, try_number=4),
        "dag_run": SimpleNamespace(dag_id="bronze_mastodon", run_id="manual__1"),
        "exception": error,
    }


def test_a_failure_that_a_mail_server_puts_off_is_told_minutes_later(monkeypatch):
    from chorus.orchestration import deadlines

    waited, told = [], []

    def raise_alarm(alarm, *_):
        if len(waited) < 2:
            raise ChannelUnavailable("The mail server takes no mail just now.")
        told.append(alarm)

    monkeypatch.setattr("chorus.pipelines.alarm.raise_alarm", raise_alarm)
    monkeypatch.setattr(deadlines.time, "sleep", waited.append)
    deadlines.mail_failure(failure(SourceRefused("a.example wants a token.")))
    assert len(told) == 1
    assert sum(waited) > 5 * 60


def test_a_late_run_says_what_runs_since_when_and_what_is_usual(raised, states, knowing):
    from chorus.orchestration.deadlines import mail_missed_deadline

    states(extract="running")
    asyncio.run(mail_missed_deadline(LATE))
    facts = dict(raised[0].facts)
    assert facts["Still running"] == "extract a.example #python, since 10:00:05 UTC"
    assert facts["Usually takes"] == "2 s"


def test_a_late_run_is_mailed_also_when_the_warehouse_is_why(raised, states, monkeypatch):
    from chorus.orchestration.deadlines import mail_missed_deadline

    monkeypatch.setenv("DATABASE_PORT", "9")
    states(extract="running")
    asyncio.run(mail_missed_deadline(LATE))
    [alarm] = raised
    assert (alarm.kind, alarm.headline) == ("warehouse", "bronze_mastodon is late.")
    assert "check DATABASE_*" in dict(alarm.facts)["The warehouse"]


def test_one_dag_is_one_trouble_however_many_tasks_fail(raised):
    from chorus.orchestration.deadlines import mail_failure

    for index in range(6):
        context = failure(ZeroDivisionError("x"))
        context["ti"].map_index = index
        context["dag_run"].run_id = f"manual__{index}"
        mail_failure(context)
    assert {(alarm.kind, alarm.about) for alarm in raised} == {("failure", "bronze_mastodon")}


def test_the_triggerers_own_trigger_runs_it_to_its_end(
    states, warehouse_settings, monkeypatch, tmp_path
):
    """As the triggerer does: by its dotted path, with what the scheduler stored, through a real mail server."""
    import tempfile

    from airflow.models.callback import CallbackState
    from airflow.triggers.callback import CallbackTrigger

    from chorus.demo.life.world import World
    from chorus.demo.network import demo_network
    from chorus.orchestration import warehouse
    from chorus.orchestration.deadlines import deadline

    states(extract="running")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with demo_network(world=World(), limits=False) as network:
        mailed = {
            "sla_emails": ("ops@example.org",),
            "smtp_host": network.addresses.smtp_host,
            "smtp_port": network.addresses.smtp_port,
            "smtp_starttls": False,
        }
        settings = warehouse_settings.model_copy(update=mailed)
        monkeypatch.setattr(warehouse, "task_settings", lambda: settings)
        stored = deadline(timedelta(minutes=45)).callback.serialize()

        async def fire():
            trigger = CallbackTrigger(stored["path"], {**stored["kwargs"], "context": LATE})
            return [event.payload["state"] async for event in trigger.run()]

        assert asyncio.run(fire()) == [CallbackState.RUNNING, CallbackState.SUCCESS]
        [mail] = network.caught.mails
    assert "bronze_mastodon is late." in str(mail)
    links = re.findall(r'href="[^"]+/(dags|plugin)/([^"]+)"', mail["html"])
    run = LATE["dag_run"]["dag_run_id"].replace("+", "%2B").replace(":", "%3A")
    assert links == [
        ("dags", f"bronze_mastodon/runs/{run}"),
        ("dags", "bronze_mastodon"),
        ("plugin", "chorus"),
    ]
