"""One look of ops_watch at one rule: what is found is remembered, told where it is trouble, and untold where it is over."""

import logging
from collections.abc import Sequence

import psycopg
from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, NotifyError, WarehouseUnavailable
from chorus.domain.rules import RULES, WAREHOUSE, Rule
from chorus.notify.channels import Channel
from chorus.pipelines import room, watch
from chorus.pipelines.alarm import alarm_of, raise_alarm, say_well_again
from chorus.pipelines.watch import Check, Finding
from chorus.warehouse.connection import Connection, connect, lost
from chorus.warehouse.statements import render

# What needs no more than the warehouse and the settings; orchestration adds what only Airflow knows.
CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        watch.silence,
        watch.failing,
        watch.freshness,
        watch.breakers,
        watch.dead_letters,
        watch.errors,
        watch.quality,
        room.partitions,
        watch.model_host,
        watch.late_layers,
    )
}

log = logging.getLogger(__name__)


def look(
    rule: Rule,
    check: Check,
    settings: Settings,
    channels: Sequence[Channel] | None = None,
    *,
    url: str = "",
    run_id: str = "",
) -> Finding:
    """Whether the rule holds; a warehouse that is down is a finding as well."""
    try:
        with connect(settings) as connection:
            finding = _found(check, connection, settings)
            _remember(connection, settings, rule, finding)
        told = [(WAREHOUSE, Finding(is_well=True, sentence="The warehouse answers again."))]
    except (WarehouseUnavailable, psycopg.OperationalError) as error:
        # One that lets us in and has no room to write is as good as down.
        why = lost(error) if isinstance(error, psycopg.OperationalError) else error
        finding = Finding(is_well=False, sentence=str(why))
        rule, told = WAREHOUSE, []
    for about, found in (*told, (rule, finding)):
        _tell(about, found, settings, channels, url=url, run_id=run_id)
    return finding


def note_recoveries(settings: Settings, channels: Sequence[Channel] | None = None) -> int:
    """Say of failures and missed deadlines that they are over, where the DAG has gone through since."""
    with connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        over = cursor.execute(
            render("ops/notifications_sent/recovered.sql", settings)
        ).fetchall()
    alarms = [
        alarm_of(
            RULES[row["kind"]],
            f"{row['subject']} is well again.",
            about=row["subject"],
            facts=(("Went through", row["pipeline_run_id"]),),
            run_id=row["pipeline_run_id"],
        )
        for row in over
    ]
    return sum(say_well_again(alarm, settings, channels) for alarm in alarms)


def _found(check: Check, connection: Connection, settings: Settings) -> Finding:
    try:
        return check(connection, settings)
    except ConfigurationError as error:
        return Finding(is_well=False, sentence=str(error))


def _tell(
    rule: Rule,
    finding: Finding,
    settings: Settings,
    channels: Sequence[Channel] | None,
    *,
    url: str,
    run_id: str,
) -> None:
    if finding.is_well:
        sentence = (
            f"{rule.name.replace('_', ' ').capitalize()} is well again. {finding.sentence}"
        )
        say_well_again(alarm_of(rule, sentence, url=url, run_id=run_id), settings, channels)
        return
    try:
        raise_alarm(
            alarm_of(rule, finding.sentence, url=url, run_id=run_id), settings, channels
        )
    except NotifyError as error:
        log.warning("Somebody could not be told: %s", error)


def _remember(connection: Connection, settings: Settings, rule: Rule, finding: Finding) -> None:
    connection.execute(
        render("ops/watch_state/write.sql", settings),
        {"rule": rule.name, "is_well": finding.is_well, "sentence": finding.sentence},
    )
    connection.commit()
