"""What people were told of, so that nothing is said over and over: in the warehouse, and while that is down, in files."""

import fcntl
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from chorus.config import Settings
from chorus.domain.errors import WarehouseUnavailable
from chorus.notify.alarm import Alarm
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

QUIET = timedelta(hours=1)
MOST = 12  # of all kinds together, on one channel, in that time
DOWN = (WarehouseUnavailable, psycopg.Error)
OPEN, OVER = "open", "over"  # what a note says

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    settings: Settings
    _undo: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)

    def may_speak(self, channel: str, alarm: Alarm) -> bool:
        """Claim the right to tell of it; of several who ask at once, one gets it."""
        try:
            before = self._change(
                "claim_after_quiet.sql",
                channel,
                alarm,
                pipeline_run_id=alarm.run_id,
                digest=alarm.digest,
                quiet=QUIET,
                most=MOST,
            )
        except DOWN as error:
            # What is down may be the warehouse itself, and that is when people must hear of it.
            log.warning("Whether this was said before is looked up in a file: %s", error)
        else:
            if before:
                undo = partial(self._give_back, channel, alarm, before)
                self._undo[channel, alarm.about] = undo
            return before is not None
        try:
            by_file = _may_speak_by_file(channel, alarm)
        except OSError as error:
            log.warning("No file says whether this was said before, so it is said: %s", error)
            return True
        if by_file:
            self._undo[channel, alarm.about] = by_file
        return by_file is not None

    def take_back(self, channel: str, alarm: Alarm) -> None:
        """It was certainly not said; what was said of it before stays known."""
        try:
            self._undo.pop((channel, alarm.about), lambda: None)()
        except (*DOWN, OSError) as error:
            log.warning("That it was not said could not be noted: %s", error)

    def _give_back(self, channel: str, alarm: Alarm, before: tuple[Any, ...]) -> None:
        sent_at, run_id, digest, well_at = before
        if sent_at is None:
            self._change("release.sql", channel, alarm, subjects=[alarm.about])
            return
        known = {"pipeline_run_id": run_id, "digest": digest, "well_at": well_at}
        self._change("give_back.sql", channel, alarm, sent_at=sent_at, **known)

    def was_open(self, channel: str, alarm: Alarm) -> bool:
        """Claim the right to say that it is over: where it was told of, and its end was not."""
        noted = False
        with _by_file("Whether this was said before is known from the warehouse alone"):
            noted = _end(channel, alarm)
        try:
            return self._change("mark_well.sql", channel, alarm) is not None or noted
        except DOWN as error:
            log.warning("Whether this was said before is known from a file alone: %s", error)
            return noted

    def open_again(self, channel: str, alarm: Alarm) -> None:
        """Its end could not be said: somebody else may."""
        with _by_file("That its end was not said could not be noted"), _alone():
            _write(_note(channel, alarm), OPEN, time.time())
        try:
            self._change("unmark_well.sql", channel, alarm)
        except DOWN as error:
            log.warning("That its end was not said could not be noted: %s", error)

    def _change(
        self, file: str, channel: str, alarm: Alarm, **values: object
    ) -> tuple[Any, ...] | None:
        """What the statement returns of what it changed; None where it changed nothing."""
        names = {"channel": channel, "kind": alarm.kind, "subject": alarm.about}
        with connect(self.settings) as connection:
            changed = connection.execute(
                render(f"ops/notifications_sent/{file}", self.settings), {**names, **values}
            )
            return changed.fetchone() if changed.description else None


def _may_speak_by_file(channel: str, alarm: Alarm) -> Callable[[], None] | None:
    """How to take it back, where it may be said."""
    note = _note(channel, alarm)
    with _alone() as folder:
        lately = [other.name for other in folder.glob(f"{channel}-*") if _is_fresh(other)]
        if note.name in lately or len(lately) >= MOST:
            return None
        undo = partial(_write, note, *_read(note))
        _write(note, OPEN, time.time())
    return undo


def _end(channel: str, alarm: Alarm) -> bool:
    """Whether it was open. The note stays, for what comes and goes is not said again and again either."""
    note = _note(channel, alarm)
    with _alone():
        state, said_at = _read(note)
        if state == OPEN:
            _write(note, OVER, said_at)
    return state == OPEN


def _read(note: Path) -> tuple[str, float]:
    """What it says, and since when; nothing where there is none."""
    return (note.read_text(), note.stat().st_mtime) if note.exists() else ("", 0)


def _write(note: Path, state: str, said_at: float) -> None:
    note.write_text(state)
    os.utime(note, (said_at, said_at))


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


@contextmanager
def _by_file(otherwise: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.warning("%s: %s", otherwise, error)


def _note(channel: str, alarm: Alarm) -> Path:
    name = hashlib.sha256(f"{alarm.kind} {alarm.about}".encode()).hexdigest()
    return _folder() / f"{channel}-{name}"


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"chorus-alarms-{os.getuid()}"
