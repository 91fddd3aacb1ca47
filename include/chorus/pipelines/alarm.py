"""Says trouble to people by mail, and not over and over: an outage of an hour is two mails, not sixty."""

import hashlib
import logging
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from chorus.config import Settings
from chorus.domain.errors import NotifyError, WarehouseUnavailable
from chorus.notify.alarm import Alarm, alarm_mail
from chorus.notify.mailbox import send_mail
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

QUIET = timedelta(hours=1)
CHANNEL = "mail"

log = logging.getLogger(__name__)


def raise_alarm(alarm: Alarm, settings: Settings) -> bool:
    """Whether a mail went out; if not, the log says why."""
    if not settings.sla_emails or settings.smtp_host is None:
        log.warning("%s Nobody is told: set SLA_EMAILS and SMTP_HOST.", alarm.headline)
        return False
    if not _may_speak(alarm, settings):
        log.info("%s This was said less than %s ago.", alarm.headline, QUIET)
        return False
    try:
        send_mail(alarm_mail(alarm, settings), settings)
    except NotifyError:
        _take_back(alarm, settings)
        raise
    log.info("%s %s were told by mail.", alarm.headline, ", ".join(settings.sla_emails))
    return True


def _may_speak(alarm: Alarm, settings: Settings) -> bool:
    try:
        with connect(settings) as connection:
            claimed = connection.execute(
                render("ops/notifications_sent/claim_after_quiet.sql", settings),
                {
                    "channel": CHANNEL,
                    "kind": alarm.kind,
                    "subject": alarm.about,
                    "pipeline_run_id": alarm.run_id,
                    "digest": alarm.digest,
                    "quiet": QUIET,
                },
            )
            return claimed.fetchone() is not None
    except (WarehouseUnavailable, psycopg.Error) as error:
        # What is down may be the warehouse itself, and that is when people must hear of it.
        log.warning("Whether this was said before is looked up in a file: %s", error)
        return _may_speak_by_file(alarm)


def _take_back(alarm: Alarm, settings: Settings) -> None:
    _note(alarm).unlink(missing_ok=True)
    try:
        with connect(settings) as connection:
            connection.execute(
                render("ops/notifications_sent/release.sql", settings),
                {"channel": CHANNEL, "kind": alarm.kind, "subjects": [alarm.about]},
            )
    except (WarehouseUnavailable, psycopg.Error) as error:
        log.warning("That it was not said could not be noted: %s", error)


def _may_speak_by_file(alarm: Alarm) -> bool:
    note = _note(alarm)
    note.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        said_at = note.stat().st_mtime
    except FileNotFoundError:
        said_at = 0.0
    if time.time() - said_at < QUIET.total_seconds():
        return False
    note.touch()
    return True


def _note(alarm: Alarm) -> Path:
    name = hashlib.sha256(f"{alarm.kind} {alarm.about}".encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"chorus-alarms-{os.getuid()}" / name
