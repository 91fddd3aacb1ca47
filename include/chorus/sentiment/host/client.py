"""What a task uses: finds the host of a model, starts it where there is none, asks it. Imports no model library."""

import contextlib
import fcntl
import logging
import math
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chorus.domain.errors import ModelError, ModelHostFailed
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.host.place import place_of
from chorus.sentiment.host.starting import start_host
from chorus.sentiment.host.wire import Message, is_ours, peer_process, receive, send

log = logging.getLogger(__name__)

PROGRAM = (sys.executable, "-m", "chorus.sentiment.host")
NOBODY_THERE = (FileNotFoundError, ConnectionRefusedError)
LAST_BREATH = 0.1
HEALTH_SECONDS = 10.0


class TextsRefused(ModelError):
    """The model raised an error over these texts; the host is well."""


class HostDied(ModelError):
    """The host died over these texts, as often as it was tried."""


class HostHung(HostDied):
    """The host came to no end with these texts, and was killed."""


@dataclass(frozen=True, slots=True)
class Prediction:
    probabilities: list[Probabilities]
    device: str


class HostClient:
    """One model on this machine. Cheap to make; every call is a connection of its own."""

    def __init__(
        self,
        model: ActiveModel,
        *,
        runtime: Path | None = None,
        program: Sequence[str] = PROGRAM,
        idle_seconds: float = 600,
        call_seconds: float = 300,
        log_in_json: bool = False,
    ) -> None:
        self.model = model
        self.place = place_of(model.card, model.device, model.precision, runtime)
        self._program = program
        self._idle_seconds = idle_seconds
        self.call_seconds = call_seconds
        self._log_in_json = log_in_json

    def predict(
        self, texts: Sequence[str], deaths: int = 2, seconds: float | None = None
    ) -> Prediction:
        """Probabilities in the order of the texts; a host that dies is started again, but not for ever.

        One that answers nobody for `seconds` hangs, and is killed: nobody else would get an answer either.
        """
        request = {
            "do": "predict",
            "fingerprint": self.model.card.fingerprint,
            "texts": list(texts),
        }
        deadline = time.monotonic() + self.call_seconds
        pause = 0.02
        while time.monotonic() < deadline:
            try:
                answer = self._ask_patiently(request, seconds or self.call_seconds)
            except TimeoutError as error:
                raise ModelHostFailed(self._complaint("does not answer")) from error
            except OSError as error:
                deaths -= 1
                died = self._complaint(f"died over {len(texts)} texts")
                if not deaths:
                    raise HostDied(died) from error
                log.warning("%s Another is asked.", died)
                # A host that is being torn down may accept one more call, which would count as another death.
                time.sleep(LAST_BREATH)
                deadline = time.monotonic() + self.call_seconds
                continue
            match answer:
                case {"probabilities": probabilities, "device": device}:
                    return Prediction(probabilities, device)
                case {"refused": reason}:
                    raise TextsRefused(reason)
                case {"stale": True}:
                    self._replace()
                case {"busy": True}:
                    time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads the callers
                    pause = min(pause * 2, 1.0)
        raise ModelHostFailed(self._complaint("had no time for us"))

    def health(self) -> Message:
        """What the host says of itself; starts one if need be."""
        try:
            health: Message = self._ask({"do": "health"})["health"]
        except OSError as error:
            raise ModelHostFailed(self._complaint("does not answer")) from error
        return health

    def stop(self) -> None:
        """Ask the host to finish what it began and go; nothing where there is none."""
        try:
            with self._connect() as connection:
                send(connection, {"do": "leave", "unless": None})
                receive(connection)
        except NOBODY_THERE:
            return
        self._wait_until_left()

    def _ask(self, request: Message) -> Message:
        with self._reach() as connection:
            send(connection, request)
            return receive(connection)

    def _ask_patiently(self, request: Message, seconds: float) -> Message:
        """What it answers others meanwhile is its progress: then we have only waited for our turn."""
        with self._reach() as connection:
            send(connection, request)
            connection.settimeout(seconds)
            while True:
                with contextlib.suppress(TimeoutError):
                    connection.recv(1, socket.MSG_PEEK)
                    break
                if self._seconds_without_answer() >= seconds:
                    self._kill(connection)
                    raise HostHung(self._complaint(f"came to no end within {seconds:.0f} s"))
            connection.settimeout(self.call_seconds)
            return receive(connection)

    def _seconds_without_answer(self) -> float:
        try:
            with self._connect() as connection:
                connection.settimeout(HEALTH_SECONDS)
                send(connection, {"do": "health"})
                return float(receive(connection)["health"]["seconds_without_answer"])
        except TimeoutError:
            return math.inf
        except OSError:
            return 0.0  # it is gone, as its caller is about to see

    def _kill(self, connection: socket.socket) -> None:
        process = peer_process(connection)
        if process <= 0:
            raise ModelHostFailed(self._complaint("hangs and is none of our processes"))
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def _reach(self) -> socket.socket:
        try:
            return self._connect()
        except NOBODY_THERE:
            pass
        # One starter at a time; the others wait here and then find its host.
        with self.place.start.open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            try:
                return self._connect()
            except NOBODY_THERE:
                # Whoever leaves takes the socket along.
                if self.place.socket.exists():
                    log.warning("%s Another is started.", self._complaint("died"))
                start_host(
                    self.model,
                    self.place,
                    self._program,
                    self._idle_seconds,
                    in_json=self._log_in_json,
                )
            return self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self.call_seconds)
        try:
            connection.connect(str(self.place.socket))
        except OSError:
            connection.close()
            raise
        if is_ours(connection):
            return connection
        connection.close()
        raise ModelHostFailed(self._complaint("belongs to another user"))

    def _replace(self) -> None:
        """The host was started with another card or other code: let it go, once."""
        with self.place.start.open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            try:
                with self._connect() as connection:
                    send(
                        connection,
                        {"do": "leave", "unless": self.model.card.fingerprint},
                    )
                    health = receive(connection)["health"]
            except OSError:
                return
            if health["fingerprint"] != self.model.card.fingerprint:
                self._wait_until_left()

    def _wait_until_left(self) -> None:
        deadline = time.monotonic() + self.call_seconds
        while self.place.socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _complaint(self, what: str) -> str:
        return f"The host of {self.model.card.name} {what}; its log is {self.place.log}."
