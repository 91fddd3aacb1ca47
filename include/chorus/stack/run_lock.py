"""One stack a clone: who has the lock runs, and says in it where."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chorus.domain.errors import StackError


class RunLock:
    """Held for as long as its file is open; a killed process lets go of it by dying."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def announce(self, address: str) -> None:
        text = json.dumps({"process": os.getpid(), "address": address}).encode()
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


def _where_the_first_is(file: Path) -> str:
    try:
        first = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return "Chorus is already starting here; wait for it or stop it first."
    place = f"at {first['address']}" if first["address"] else "and still starting"
    return (
        f"Chorus already runs here, {place} (process {first['process']}); stop that one first."
    )
