"""One process of the stack: how it is started, where its words go, how it died."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from chorus.stack.json_lines import JsonLines
from chorus.stack.rotating_log import RotatingLog

INSISTED_WITHIN = 1.0


@dataclass(frozen=True)
class Component:
    """A part of the stack that is meant to run until we stop."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    become: tuple[str, ...] = ()  # what makes it another user, first of all
    stop_with: signal.Signals = signal.SIGTERM
    insist_with: signal.Signals = signal.SIGKILL
    stops_last: bool = False
    before_start: Callable[[], None] = lambda: None
    after_end: Callable[[], None] = lambda: None


class Child:
    """One life of a component, in a session of its own, so that Ctrl-C reaches us and not it."""

    def __init__(self, component: Component, *, in_json: bool = False) -> None:
        self.component = component
        self.born = time.monotonic()
        lines = RotatingLog(component.log)
        log = JsonLines(lines, component.name) if in_json else lines
        self.process = subprocess.Popen(
            [*component.become, *dies_with_us(component.stop_with), *component.command],
            cwd="/",
            env=dict(component.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(
            target=_copy, args=(self.process.stdout, log), name=component.name, daemon=True
        ).start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    @property
    def age(self) -> float:
        return time.monotonic() - self.born

    def death(self) -> str:
        """How it ended, for a person."""
        code = self.process.returncode
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return "ended" if code == 0 else f"ended with exit code {code}"

    def ask_to_stop(self) -> None:
        if self.is_alive:
            self.process.send_signal(self.component.stop_with)

    def insist(self) -> None:
        """End it now, if need be without the last things it wanted to do."""
        for how in (self.component.insist_with, signal.SIGKILL):
            if not self.is_alive:
                return
            self.process.send_signal(how)
            try:
                self.process.wait(INSISTED_WITHIN)
            except subprocess.TimeoutExpired:
                continue


@cache
def dies_with_us(how: signal.Signals) -> tuple[str, ...]:
    """What stands before a command so that the kernel ends it when we are killed; nothing where there is no such thing.

    It is the death of the thread that started it that counts, and a change of user would undo it.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return (setpriv, "--pdeathsig", how.name.removeprefix("SIG")) if setpriv else ()


def _copy(source: IO[bytes], log: RotatingLog | JsonLines) -> None:
    """Keep the pipe empty whatever happens to the disk: a full pipe would stop the child."""
    with source:
        while chunk := os.read(source.fileno(), 65_536):
            try:
                log.write(chunk)
            except OSError:
                continue
    log.close()
