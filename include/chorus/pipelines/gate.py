"""Where readers of one instance take turns: the rules of domain.pace over the state in ops.source_state."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from chorus.domain import pace
from chorus.domain.errors import SourceUnavailable
from chorus.domain.pace import Pace, Turn
from chorus.sources.waits import Budget
from chorus.warehouse import source_state
from chorus.warehouse.connection import Connection

Result = TypeVar("Result")
Decide = Callable[[Pace, datetime], tuple[Pace, Turn]]


@dataclass(frozen=True)
class SharedGate:
    """Needs a connection of its own that commits at once: others must see a turn as soon as it is taken.

    One thread may wait for a turn while another tells what was answered.
    """

    connection: Connection
    source: str
    instance: str
    take_turn: Decide = pace.take_turn
    # When the requests on their way were sent. Which of them an answer belongs to does not matter: the sum is the same.
    _sent: list[float] = field(default_factory=list, init=False, repr=False)
    _alone: Lock = field(default_factory=Lock, init=False, repr=False)

    def wait_for_turn(self) -> None:
        while True:
            turn = self._change(self.take_turn)
            seconds = turn.wait.total_seconds()
            if turn.wait > pace.PATIENCE:
                raise SourceUnavailable(
                    f"{self.instance} is left alone for {seconds:.0f} s: {turn.not_yet}.",
                    turn.wait,
                )
            time.sleep(seconds)
            if turn.not_yet is None:
                self._sent.append(time.monotonic())
                return

    def answered(self, budget: Budget | None) -> None:
        named = (budget.limit, budget.remaining, budget.resets_in) if budget else ()
        self._learn(lambda known, now: pace.answered(known, now, *named))

    def slowed(self, wait: timedelta | None) -> None:
        self._learn(lambda known, now: pace.slowed(known, now, wait))

    def failed(self, error: SourceUnavailable) -> None:
        self._learn(lambda known, now: pace.failed(known, now, str(error)))

    def _learn(self, lesson: Callable[[Pace, datetime], Pace]) -> None:
        took = timedelta(seconds=time.monotonic() - self._sent.pop()) if self._sent else None
        self._change(lambda known, now: (lesson(known, now), None), took)

    def _change(
        self,
        decide: Callable[[Pace, datetime], tuple[Pace, Result]],
        took: timedelta | None = None,
    ) -> Result:
        with self._alone:
            return source_state.change(
                self.connection, self.source, self.instance, decide, took
            )
