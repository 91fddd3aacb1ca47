"""The host itself: loads the model once, answers until nobody asks any more."""

import contextlib
import fcntl
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.backends.base import Backend, require_numbers
from chorus.sentiment.host.place import Place, require_private
from chorus.sentiment.host.wire import Message, is_ours, receive, send

log = logging.getLogger(__name__)

TICK = 0.5
PATIENCE_WITH_CLIENTS = 30.0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to refuse, and when to go."""

    idle_seconds: float = 600
    memory_mb: int = 4096
    waiting: int = 16


class Host:
    """One model at one place. `serve` returns when it is idle for long, asked to go, or too large."""

    def __init__(
        self,
        backend: Backend,
        place: Place,
        fingerprint: str,
        limits: Limits,
        readers: Sequence[int] = (),
    ) -> None:
        self._backend = backend
        self._place = place
        self._fingerprint = fingerprint
        self._limits = limits
        self._slots = threading.BoundedSemaphore(limits.waiting)
        self._count = threading.Lock()
        self._open = 0
        self._texts = 0
        self._turned_away = 0
        self._last_seen = time.monotonic()
        self._last_answer = time.monotonic()
        self._leaving = threading.Event()
        self._process = psutil.Process()
        # What they have of ours from the fork on is counted with us.
        self._readers = [
            (reader, reader.memory_info().rss) for reader in map(psutil.Process, readers)
        ]

    def serve(self, listener: socket.socket) -> None:
        listener.settimeout(TICK)
        while not self._should_leave():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                with self._count:
                    self._open += 1
                threading.Thread(target=self._attend, args=(connection,), daemon=True).start()
        # Whoever connects from here on finds no socket, and starts the next host once our lock is gone.
        self._place.socket.unlink(missing_ok=True)
        listener.close()
        deadline = time.monotonic() + PATIENCE_WITH_CLIENTS
        while self._open and time.monotonic() < deadline:
            time.sleep(0.01)

    def leave(self, *_: object) -> None:
        """Finish what was begun and go."""
        self._leaving.set()

    def _should_leave(self) -> bool:
        used = self._memory_mb()
        if used > self._limits.memory_mb:
            log.error("MEMORY %d MB is over the ceiling of %d MB", used, self._limits.memory_mb)
            os._exit(os.EX_TEMPFAIL)
        with self._count:
            idle = (
                not self._open
                and time.monotonic() - self._last_seen > self._limits.idle_seconds
            )
        if idle:
            log.info("IDLE after %d texts", self._texts)
        return idle or self._leaving.is_set()

    def _attend(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(PATIENCE_WITH_CLIENTS)
                if is_ours(connection):
                    send(connection, self._answer(receive(connection)))
                else:
                    log.warning("REFUSED a process of another user")
        except OSError as error:
            log.info("GONE %s", error)
        finally:
            with self._count:
                self._open -= 1
                self._last_seen = time.monotonic()

    def _answer(self, request: Message) -> Message:
        match request:
            case {"do": "predict", "fingerprint": self._fingerprint, "texts": texts}:
                return self._predict(texts)
            case {"do": "predict"}:
                return {"stale": True}
            case {"do": "leave", "unless": fingerprint} if fingerprint != self._fingerprint:
                self.leave()
        return {"health": self._health()}

    def _predict(self, texts: list[str]) -> Message:
        if not self._slots.acquire(blocking=False):
            with self._count:
                self._turned_away += 1
            return {"busy": True}
        try:
            started = time.monotonic()
            answers = self._backend.predict(texts)
            require_numbers(answers)
            with self._count:
                self._texts += len(texts)
            log.info("BATCH %d texts %.4f s", len(texts), time.monotonic() - started)
        except Exception as error:  # whatever a text does to a model is an answer, not our end
            log.exception("FAILED %d texts", len(texts))
            return {"refused": f"{type(error).__name__}: {error}"}
        else:
            return {"probabilities": answers, "device": self._backend.device}
        finally:
            self._last_answer = time.monotonic()
            self._slots.release()

    def _health(self) -> Message:
        return {
            "pid": os.getpid(),
            "fingerprint": self._fingerprint,
            "device": self._backend.device,
            "texts": self._texts,
            "open": self._open,
            "turned_away": self._turned_away,
            "seconds_without_answer": time.monotonic() - self._last_answer,
            "memory_mb": self._memory_mb(),
        }

    def _memory_mb(self) -> int:
        """With what the processes that read for us have come to need of their own."""
        grown = sum(
            max(reader.memory_info().rss - at_first, 0) for reader, at_first in self._readers
        )
        return int((self._process.memory_info().rss + grown) // MEGABYTE)


class AlreadyServed(Exception):
    """Another host answers here: whoever was to start it died while it loaded."""


@contextlib.contextmanager
def only_host(place: Place, patience: float) -> Iterator[None]:
    """Hold the lock that there is one of; a predecessor that loads or is leaving gets `patience` seconds."""
    require_private(place.directory)
    with place.lock.open("w") as lock:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if is_served(place):
                    raise AlreadyServed from None
                if time.monotonic() > deadline:
                    raise ModelHostFailed(
                        f"another host still holds {place.lock} after {patience:.0f} s; end that process."
                    ) from error
                time.sleep(0.05)
        yield


def is_served(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(place.socket)) == 0


def listen(place: Place) -> socket.socket:
    """Only under the lock: a socket that lies there is a dead host's."""
    place.socket.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(place.socket))
    place.socket.chmod(0o600)
    listener.listen(128)
    return listener


def leave_on_signals(host: Host) -> None:
    signal.signal(signal.SIGTERM, host.leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
