"""Where readers of one instance take turns: the rules of domain.pace over the state in ops.source_state."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorus.domain import pace
from chorus.domain.errors import SourceUnavailable
from chorus.domain.pace import Pace, Turn
from chorus.sources.http import LONGEST_NAP
from chorus.sources.waits import Budget
from chorus.warehouse import source_state
from chorus.warehouse.connection import Connection


@dataclass(frozen=True)
class SharedGate:
    """Needs a connection of its own that commits at once: others must see a turn as soon as it is taken."""

    connection: Connection
    source: str
    instance: str

    def wait_for_turn(self) -> None:
        turn = self._change(lambda known, now: pace.take_turn(known, now, LONGEST_NAP))
        if turn.refused is not None:
            seconds = turn.wait.total_seconds()
            raise SourceUnavailable(
                f"{self.instance} is left alone for {seconds:.0f} s: {turn.refused}.", turn.wait
            )
        time.sleep(turn.wait.total_seconds())

    def answered(self, budget: Budget | None) -> None:
        named = (budget.limit, budget.remaining, budget.resets_in) if budget else ()
        self._change(lambda known, now: (pace.answered(known, now, *named), _NOW))

    def slowed(self, wait: timedelta | None) -> None:
        self._change(lambda known, now: (pace.slowed(known, now, wait), _NOW))

    def failed(self, error: SourceUnavailable) -> None:
        self._change(lambda known, now: (pace.failed(known, now, str(error)), _NOW))

    def _change(self, decide: Callable[[Pace, datetime], tuple[Pace, Turn]]) -> Turn:
        return source_state.change(self.connection, self.source, self.instance, decide)


_NOW = Turn(timedelta(0))
