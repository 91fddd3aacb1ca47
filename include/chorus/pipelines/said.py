"""What people were told of, so that nothing is said over and over: in the warehouse, and while that is down, in files."""

import fcntl
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from chorus.config import Settings
from chorus.domain.errors import WarehouseUnavailable
from chorus.notify.alarm import Alarm
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

QUIET = timedelta(hours=1)
MOST = 12  # of all kinds together, on one channel, in that time
DOWN = (WarehouseUnavailable, psycopg.Error)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    settings: Settings

    def may_speak(self, channel: str, alarm: Alarm) -> bool:
        """Claim the right to tell of it; of several who ask at once, one gets it."""
        claim = {
            "pipeline_run_id": alarm.run_id,
            "digest": alarm.digest,
            "quiet": QUIET,
            "most": MOST,
        }
        try:
            return self._happened("claim_after_quiet.sql", channel, alarm, **claim)
        except DOWN as error:
            # What is down may be the warehouse itself, and that is when people must hear of it.
            log.warning("Whether this was said before is looked up in a file: %s", error)
        try:
            return _may_speak_by_file(channel, alarm)
        except OSError as error:
            log.warning("No file says whether this was said before, so it is said: %s", error)
            return True

    def take_back(self, channel: str, alarm: Alarm) -> None:
        """It was certainly not said."""
        _note(channel, alarm).unlink(missing_ok=True)
        try:
            self._happened("release.sql", channel, alarm, subjects=[alarm.about])
        except DOWN as error:
            log.warning("That it was not said could not be noted: %s", error)

    def was_open(self, channel: str, alarm: Alarm) -> bool:
        """Claim the right to say that it is over: where it was told of, and its end was not."""
        noted = _forget(channel, alarm)
        try:
            return self._happened("mark_well.sql", channel, alarm) or noted
        except DOWN as error:
            log.warning("Whether this was said before is known from a file alone: %s", error)
            return noted

    def open_again(self, channel: str, alarm: Alarm) -> None:
        """Its end could not be said: somebody else may."""
        with _alone():
            _note(channel, alarm).touch()
        try:
            self._happened("unmark_well.sql", channel, alarm)
        except DOWN as error:
            log.warning("That its end was not said could not be noted: %s", error)

    def _happened(self, file: str, channel: str, alarm: Alarm, **values: object) -> bool:
        names = {"channel": channel, "kind": alarm.kind, "subject": alarm.about}
        with connect(self.settings) as connection:
            done = connection.execute(
                render(f"ops/notifications_sent/{file}", self.settings), {**names, **values}
            )
            return done.rowcount > 0


def _may_speak_by_file(channel: str, alarm: Alarm) -> bool:
    note = _note(channel, alarm)
    with _alone() as folder:
        lately = [other.name for other in folder.glob(f"{channel}-*") if _is_fresh(other)]
        if note.name in lately or len(lately) >= MOST:
            return False
        note.touch()
    return True


def _forget(channel: str, alarm: Alarm) -> bool:
    try:
        _note(channel, alarm).unlink()
    except FileNotFoundError:
        return False
    return True


def _is_fresh(note: Path) -> bool:
    return time.time() - note.stat().st_mtime < QUIET.total_seconds()


@contextmanager
def _alone() -> Iterator[Path]:
    """Whatever is down is down for every task at once: they look one after the other."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _note(channel: str, alarm: Alarm) -> Path:
    name = hashlib.sha256(f"{alarm.kind} {alarm.about}".encode()).hexdigest()
    return _folder() / f"{channel}-{name}"


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"chorus-alarms-{os.getuid()}"
