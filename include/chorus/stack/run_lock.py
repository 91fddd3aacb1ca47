"""One stack a clone: who has the lock runs, and says in it where and how far it has come."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from chorus.domain.errors import StackError

# It starts; it answers; its first wave has landed, or failed.
Stage = Literal["starts", "answers", "landed", "failed"]


@dataclass(frozen=True)
class Holder:
    """Who has the lock, in its own words."""

    process: int
    address: str
    stage: Stage


class RunLock:
    """Held for as long as its file is open; a killed process lets go of it by dying."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def announce(self, address: str, stage: Stage = "starts") -> None:
        text = json.dumps(asdict(Holder(os.getpid(), address, stage))).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)


@contextmanager
def run_lock(file: Path) -> Iterator[RunLock]:
    """Take the lock, or say where the one who has it is."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError as error:
        raise StackError(
            f"You may not write in {file.parent}, which another user has made: start as that user, "
            f'or take the folder over with `sudo chown -R "$USER" {file.parent}`.'
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(_where_the_first_is(file)) from None
        lock = RunLock(descriptor)
        lock.announce("")
        yield lock
    finally:
        os.close(descriptor)


def holder(file: Path) -> Holder | None:
    """Who has the lock now; None where nobody does.

    Looking takes it for a moment: whoever waits for a start reads what is `announced` instead.
    """
    try:
        with file.open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return announced(file) or Holder(0, "", "starts")
    return None


def announced(file: Path) -> Holder | None:
    """What was last written into the lock, by a process that may be gone; None in the middle of that."""
    try:
        return Holder(**json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def refuse_a_second(file: Path) -> None:
    """Say where the one who has the lock is, without taking it."""
    if holder(file):
        raise StackError(_where_the_first_is(file))


def _where_the_first_is(file: Path) -> str:
    first = announced(file)
    if first is None:
        return "Chorus is already starting here; wait for it or stop it first."
    place = f"at {first.address}" if first.address else "and still starting"
    return f"Chorus already runs here, {place} (process {first.process}); `make stop` ends it."
