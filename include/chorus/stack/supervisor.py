"""Starts the stack's processes, starts again what dies, and leaves none behind."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from chorus.domain.errors import ChorusError, StackError
from chorus.stack.child import Child, Component
from chorus.stack.ports import Ports
from chorus.stack.processes import end, in_sessions, marked, reap_adopted
from chorus.stack.rotating_log import last_lines
from chorus.stack.voice import Voice


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what."""

    first_delay: float = 0.5
    longest_delay: float = 30.0
    settled_after: float = 30.0
    quick_deaths: int = 5
    grace: float = 3.0
    last_grace: float = 3.0
    look_every: float = 0.1
    bury_every: float = 5.0

    def delay(self, quick_deaths: int) -> float:
        """Twice as long after each quick death; the exponent ends where a float would, too."""
        return min(self.first_delay * 2.0 ** min(quick_deaths - 1, 32), self.longest_delay)


@dataclass
class Post:
    """A component's place in the stack, over all its lives."""

    component: Component
    child: Child | None = None
    due: float = 0.0
    quick_deaths: int = 0
    ever_settled: bool = False


class Supervisor:
    """Use it as a context manager; its thread starts every child and outlives them all."""

    def __init__(
        self, run_folder: Path, voice: Voice, patience: Patience | None = None
    ) -> None:
        self._run_folder = run_folder
        self.voice = voice
        self.ports = Ports(voice.say)
        self._patience = patience or Patience()
        self._posts: list[Post] = []
        self._failure: str | None = None
        self._cause: Exception | None = None
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._changed.set()
        while not self._ended.is_set():
            try:
                # Not join(): Python 3.11 takes a thread for dead when Ctrl-C interrupts it.
                self._ended.wait()
            except KeyboardInterrupt:
                # We are stopping already; leaving now would leave children behind.
                continue
        self.ports.close()

    def start(self, *components: Component, after: float = 0.0) -> None:
        """Start them now, or in so many seconds."""
        due = time.monotonic() + after
        self._posts = [*self._posts, *(Post(component, due=due) for component in components)]
        self._changed.set()

    def check(self) -> None:
        """Raise when a component was given up, for then the rest is of no use."""
        if self._failure:
            raise StackError(self._failure) from self._cause

    def wait(self, seconds: float) -> None:
        """Sleep, but not through a failure."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, 0.2))
        self.check()

    def pids(self) -> dict[str, int]:
        return {post.component.name: post.child.pid for post in self._posts if post.child}

    def _run(self) -> None:
        try:
            self._keep()
        except Exception as error:  # noqa: BLE001 - whatever ends this thread, those who wait must hear of it
            plain = isinstance(error, (ChorusError, OSError, psutil.Error)) and str(error)
            self._cause = error
            self._failure = plain or f"The supervisor failed with {error!r}."
        finally:
            try:
                self._end_everything()
            finally:
                self._ended.set()

    def _keep(self) -> None:
        buried, dead = time.monotonic(), set[int]()
        while not self._stopping.is_set() and not self._failure:
            for post in self._posts:
                self._look_at(post)
            if time.monotonic() - buried > self._patience.bury_every:
                buried, dead = time.monotonic(), reap_adopted(dead, set(self.pids().values()))
            self._changed.wait(self._patience.look_every)
            self._changed.clear()

    def _look_at(self, post: Post) -> None:
        if post.child is None:
            if time.monotonic() >= post.due:
                self._start(post)
        elif not post.child.is_alive:
            self._mourn(post, post.child)
        elif not post.ever_settled and post.child.age > self._patience.settled_after:
            post.ever_settled = True

    def _start(self, post: Post) -> None:
        component = post.component
        component.before_start()
        post.child = Child(component, in_json=self.voice.in_json)
        self.voice.event(component.name, "starts again" if post.quick_deaths else "starts")

    def _mourn(self, post: Post, child: Child) -> None:
        end(in_sessions([child.pid]))
        post.child = None
        lived_long = child.age > self._patience.settled_after
        post.quick_deaths = 1 if lived_long else post.quick_deaths + 1
        if not post.ever_settled and post.quick_deaths >= self._patience.quick_deaths:
            self._failure = self._last_words(post, child)
            return
        delay = self._patience.delay(post.quick_deaths)
        post.due = time.monotonic() + delay
        self.voice.event(post.component.name, f"{child.death()}; starts again in {delay:.1f} s")

    def _last_words(self, post: Post, child: Child) -> str:
        component = post.component
        said = " ".join(last_lines(component.log, 1)) or "nothing"
        return (
            f"{component.name} {child.death()} {post.quick_deaths} times while starting; "
            f"it last said: {said}; see {component.log}."
        )

    def _end_everything(self) -> None:
        """In a bounded time: first those who use the database, then the database, then whatever is left."""
        first = [post for post in self._posts if not post.component.stops_last]
        last = [post for post in self._posts if post.component.stops_last]
        for posts, grace in ((first, self._patience.grace), (last, self._patience.last_grace)):
            children = [post.child for post in posts if post.child]
            for child in children:
                child.ask_to_stop()
            until = time.monotonic() + grace
            while any(child.is_alive for child in children) and time.monotonic() < until:
                time.sleep(0.05)
            for child in children:
                child.insist()
            end(in_sessions(child.pid for child in children))
            for child in children:
                child.component.after_end()
        end(marked(self._run_folder), grace=1.0)
