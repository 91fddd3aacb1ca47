"""Trouble is told once, its end is told once, and a warehouse that is down is trouble like any other."""

import tempfile
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from chorus.domain.errors import ChannelRefused, ChannelSilent, ChannelUnavailable
from chorus.domain.rules import BREAKERS, RULES, WAREHOUSE
from chorus.notify.alarm import Alarm
from chorus.pipelines.alarm import raise_alarm, say_well_again
from chorus.pipelines.said import MOST
from chorus.pipelines.watch import Finding
from chorus.pipelines.watching import look, note_recoveries

WELL = Finding(is_well=True, sentence="Every breaker is closed.")
TROUBLE = Finding(is_well=False, sentence="a.example is left alone.")


@pytest.fixture
def looked(warehouse_settings, heard):
    """ops_watch looks and finds this."""

    def looked(finding, **settings):
        return look(
            BREAKERS,
            lambda *_: finding,
            warehouse_settings.model_copy(update=settings),
            [heard],
        )

    return looked


def later(owner, **ago):
    owner.execute(
        "update ops.notifications_sent set sent_at = sent_at - %s", [timedelta(**ago)]
    )


def test_an_outage_of_an_hour_is_two_messages(looked, heard):
    for _ in range(4):
        looked(TROUBLE)
    looked(WELL)
    looked(WELL)
    assert heard.headlines == [
        "a.example is left alone.",
        "Breakers is well again. Every breaker is closed.",
    ]
    assert [alarm.is_over for alarm in heard.alarms] == [False, True]


def test_what_comes_and_goes_is_two_messages_an_hour(looked, heard, owner):
    for _ in range(10):
        looked(TROUBLE)
        looked(WELL)
    assert len(heard.alarms) == 2
    later(owner, hours=1)
    looked(TROUBLE)
    looked(WELL)
    assert len(heard.alarms) == 4


def test_nobody_hears_of_the_end_of_what_nobody_was_told(looked, heard):
    looked(WELL)
    assert heard.alarms == []


def test_an_end_that_could_not_be_told_is_told_later(looked, heard):
    looked(TROUBLE)
    heard.deaf = True
    looked(WELL)
    heard.deaf = False
    looked(WELL)
    looked(WELL)
    assert [alarm.is_over for alarm in heard.alarms] == [False, True]


def test_a_warehouse_that_is_down_is_told_once_by_all_rules_and_once_more_when_it_answers(
    looked, heard
):
    for _ in range(12):
        looked(WELL, database_port=9)
    assert [alarm.kind for alarm in heard.alarms] == [WAREHOUSE.name]
    looked(WELL)
    looked(WELL)
    assert heard.headlines[1:] == ["Warehouse is well again. The warehouse answers again."]


@pytest.mark.parametrize("port", [None, 9])
def test_a_channel_bears_only_so_much_an_hour(warehouse_settings, heard, port):
    settings = warehouse_settings.model_copy(update={"database_port": port} if port else {})
    alarm = Alarm("failure", "", "Trouble.", (), "Look.", "", "x/1")
    for number in range(MOST + 5):
        raise_alarm(replace(alarm, about=f"dag_{number}"), settings, [heard])
    assert len(heard.alarms) == MOST


def test_one_channel_that_fails_holds_no_other_back(warehouse_settings, heard):
    deaf = type(heard)(name="webhook", deaf=True)
    alarm = Alarm("failure", "d", "Trouble.", (), "Look.", "", "x/1")
    with pytest.raises(ChannelUnavailable):
        raise_alarm(alarm, warehouse_settings, [deaf, heard])
    assert len(heard.alarms) == 1
    deaf.deaf = False
    assert raise_alarm(alarm, warehouse_settings, [deaf, heard])
    assert (len(deaf.alarms), len(heard.alarms)) == (1, 1)


def test_a_channel_that_fails_unexpectedly_holds_no_other_back_either_and_is_named(
    warehouse_settings, heard
):
    broken = type(heard)(name="webhook", deaf=True, error=UnicodeError("label too long"))
    alarm = Alarm("failure", "d", "Trouble.", (), "Look.", "", "x/1")
    with pytest.raises(ChannelRefused, match=r"webhook cannot be told .*label too long"):
        raise_alarm(alarm, warehouse_settings, [broken, heard])
    assert len(heard.alarms) == 1


def test_what_may_have_arrived_is_not_told_twice(warehouse_settings, heard):
    silent = type(heard)(deaf=True, error=ChannelSilent("It did not answer."))
    alarm = Alarm("failure", "d", "Trouble.", (), "Look.", "", "x/1")
    raise_alarm(alarm, warehouse_settings, [silent])
    silent.deaf = False
    assert not raise_alarm(alarm, warehouse_settings, [silent])


def test_trouble_that_could_not_be_told_once_more_is_known_still_when_it_ends(
    looked, heard, owner
):
    looked(TROUBLE)
    later(owner, hours=1)
    heard.deaf = True
    looked(TROUBLE)
    heard.deaf = False
    looked(WELL)
    assert [alarm.is_over for alarm in heard.alarms] == [False, True]


def test_a_warehouse_that_comes_and_goes_is_two_messages_an_hour(looked, heard):
    for _ in range(10):
        looked(WELL, database_port=9)
        looked(WELL)
    assert [alarm.is_over for alarm in heard.alarms] == [False, True]


def test_an_end_is_told_although_no_file_can_be_written(looked, heard, monkeypatch):
    looked(TROUBLE)
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")
    looked(WELL)
    assert [alarm.is_over for alarm in heard.alarms] == [False, True]


def test_a_dag_that_failed_is_well_again_once_it_goes_through(
    warehouse_settings, heard, ran, warehouse
):
    alarm = Alarm("failure", "bronze_mastodon", "It failed.", (), "", "", "bronze_mastodon/1")
    raise_alarm(alarm, warehouse_settings, [heard])
    ran("silver_star", source=None)
    ran(failed=("a",), targets=("a", "b"))
    assert note_recoveries(warehouse_settings, [heard]) == 0
    ran()
    assert note_recoveries(warehouse_settings, [heard]) == 1
    assert note_recoveries(warehouse_settings, [heard]) == 0
    assert heard.headlines == ["It failed.", "bronze_mastodon is well again."]


def test_a_run_beside_the_one_that_is_late_does_not_make_its_dag_well_again(
    warehouse_settings, heard, ran, owner
):
    late = Alarm("deadline", "bronze_mastodon", "Late.", (), "", "", "bronze_mastodon/run_2")
    raise_alarm(late, warehouse_settings, [heard])
    ran(ago=timedelta(minutes=10))
    owner.execute("update ops.job_endings set ended_at = now()")
    assert note_recoveries(warehouse_settings, [heard]) == 0
    assert ran(ago=timedelta(minutes=10)) == late.run_id
    owner.execute("update ops.job_endings set ended_at = now()")
    assert note_recoveries(warehouse_settings, [heard]) == 1


def test_those_that_close_no_run_are_well_again_once_they_did_what_they_are_for(
    warehouse_settings, heard, looked, owner
):
    for dag in ("notify_discord", "ops_watch"):
        raise_alarm(
            Alarm("failure", dag, "It failed.", (), "", "", f"{dag}/1"),
            warehouse_settings,
            [heard],
        )
    assert note_recoveries(warehouse_settings, [heard]) == 0
    owner.execute(
        "insert into ops.notifications_sent (channel, kind, subject, pipeline_run_id)"
        " values ('discord', 'summary', 'a window', 'notify_discord/2')"
    )
    assert note_recoveries(warehouse_settings, [heard]) == 1
    assert heard.headlines[-1] == "notify_discord is well again."
    owner.execute(
        "insert into ops.watch_state (rule, is_well, sentence, looked_at)"
        " values ('disk', true, '.', now() - interval '10 minutes')"
    )
    looked(WELL)
    assert note_recoveries(warehouse_settings, [heard]) == 0
    owner.execute("update ops.watch_state set looked_at = now()")
    assert note_recoveries(warehouse_settings, [heard]) == 1
    assert heard.headlines[-1] == "ops_watch is well again."


def test_a_warehouse_without_room_to_write_is_as_good_as_down(
    warehouse_settings, heard, monkeypatch
):
    def full(*_):
        raise psycopg.errors.DiskFull("could not extend file: No space left on device\nHINT: x")

    monkeypatch.setattr("chorus.pipelines.watching._remember", full)
    finding = look(RULES["disk"], lambda *_: WELL, warehouse_settings, [heard])
    assert not finding.is_well
    assert [alarm.kind for alarm in heard.alarms] == [WAREHOUSE.name]
    assert "No space left on device); see" in heard.headlines[0]


def test_what_was_found_is_remembered_with_since_when(looked, warehouse, owner):
    looked(TROUBLE)
    owner.execute("update ops.watch_state set since = now() - interval '1 hour'")
    looked(TROUBLE)
    query = (
        "select is_well, sentence, since < now() - interval '50 minutes' from ops.watch_state"
    )
    assert warehouse.execute(query).fetchall() == [(False, TROUBLE.sentence, True)]
    looked(WELL)
    warehouse.rollback()
    assert warehouse.execute(query).fetchall() == [(True, WELL.sentence, False)]


def test_every_rule_says_what_it_means_and_what_to_do():
    for rule in RULES.values():
        assert rule.means.endswith(".")
        assert rule.advice.endswith(".")
    assert say_well_again(Alarm("x", "y", "", (), "", "", ""), None, []) is False
