"""Processes that read beside each other, for a model that is Python all through: its threads would take turns.

They are forked from the host once the model is loaded, so that it is loaded once, and end with their host, however that
ends. One that dies takes its host along: whoever asked finds out over which text, as with any other model.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from chorus.sentiment.backends.base import Backend, Probabilities

log = logging.getLogger(__name__)

# Longer than a reader takes over as many texts as ever come at once.
PATIENCE = 120.0
STDERR = 2


class Readers:
    """A backend that is so many processes, each with a copy of the same model."""

    one_core = False

    def __init__(self, backend: Backend, count: int) -> None:
        self.device = backend.device
        self.processes: list[int] = []
        self._free: SimpleQueue[Connection] = SimpleQueue()
        fork = multiprocessing.get_context("fork")
        life, self._life = fork.Pipe(duplex=False)
        for _ in range(count):
            theirs, ours = fork.Pipe()
            reader = fork.Process(target=_read, args=(backend, theirs, life), daemon=True)
            reader.start()
            self.processes.append(reader.pid or 0)
            self._free.put(ours)
            theirs.close()
        life.close()

    def predict(self, texts: Sequence[str]) -> list[Probabilities]:
        """Whoever is free reads them."""
        reader = self._free.get()
        answer: list[Probabilities] | Exception | None = None
        with contextlib.suppress(EOFError, OSError):
            reader.send(texts)
            answer = reader.recv() if reader.poll(PATIENCE) else None
        if answer is None:
            log.error("DIED a reader, or it hangs, over %d texts", len(texts))
            os._exit(os.EX_TEMPFAIL)
        self._free.put(reader)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _read(backend: Backend, requests: Connection, life: Connection) -> None:
    """Answer until the host is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _close_all_but(requests.fileno(), life.fileno())
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            texts = requests.recv()
            try:
                answer: list[Probabilities] | Exception = backend.predict(texts)
            except Exception as error:  # noqa: BLE001 - is the answer, as the host's own threads have it
                answer = error
            requests.send(answer)


def _close_all_but(*kept: int) -> None:
    """The host's lock, above all, which would outlive it here."""
    for descriptor in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if descriptor > STDERR and descriptor not in kept:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _end_with(life: Connection) -> None:
    """Nothing ever comes: it is closed when the host ends, also in the middle of a text."""
    life.poll(None)
    os._exit(os.EX_OK)
