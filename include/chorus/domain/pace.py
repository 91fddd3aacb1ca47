"""How all readers of one instance share its patience: the rate budget, and the circuit breaker.

Pure rules over one small state; who holds the state and how it is locked is the warehouse's business.

The first half of a budget is spent as fast as it is asked for, so that a short run is short; the other half is
spread over the time until the budget starts over, so that a long one never stands still. After every start-over
the first request goes alone and learns what the budget is; a server that names none is not held back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chorus.domain.errors import SourceUnavailable

FAILURES_TO_OPEN = 5
OPEN_FOR = timedelta(minutes=10)
# A probe that says nothing for this long is taken for dead, and another one is let through.
PROBE_FOR = timedelta(minutes=2)
# While the budget is unknown, one request in this time; the others look this often whether it is known by now.
ASKING = timedelta(seconds=1)
LOOKING = timedelta(seconds=0.2)
# A slot further off is not handed out: who waits that long gives the worker back meanwhile.
PATIENCE = timedelta(seconds=60)
# So long one reader goes on before others have its place: well before Airflow would end its task.
AT_A_TIME = timedelta(minutes=20)
# Servers write the same moment with some jitter.
SAME_RESET = timedelta(seconds=2)
# A 429 that does not say for how long.
UNNAMED_WAIT = timedelta(seconds=60)
# Kept back of a budget: requests on their way when a budget starts over count against the new one.
KEPT_BACK = 50

Breaker = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is known about one instance. A limit of 0: it has answered and names no budget."""

    breaker: Breaker = "closed"
    failures_in_a_row: int = 0
    opened_at: datetime | None = None
    last_error: str | None = None
    limit: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None
    next_request_at: datetime | None = None
    last_success_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """When to send the next request; or, where none is granted, when to ask again, and why."""

    wait: timedelta
    not_yet: str | None = None


NOW = Turn(timedelta(0))


def take_turn(pace: Pace, now: datetime) -> tuple[Pace, Turn]:
    """Hand out the next slot, or none."""
    rest = _rest_of_breaker(pace, now)
    if rest > timedelta(0):
        failures = pace.failures_in_a_row
        return pace, Turn(rest, f"it failed {failures} times in a row ({pace.last_error})")
    granted, turn = _take_slot(pace, now)
    if pace.breaker != "closed" and turn.not_yet is None:
        granted = replace(granted, breaker="half-open", opened_at=now)
    return granted, turn


def take_spare_turn(pace: Pace, now: datetime) -> tuple[Pace, Turn]:
    """For readers that can wait: the half of a budget that is spread belongs to whoever cannot."""
    half_is_spent = (
        pace.limit
        and pace.remaining is not None
        and pace.remaining * 2 <= pace.limit
        and pace.resets_at is not None
        and now < pace.resets_at
    )
    if half_is_spent and pace.resets_at is not None:
        return pace, Turn(pace.resets_at - now, "the rest of its budget is for current windows")
    return take_turn(pace, now)


def let_others_in(reading: str, seconds: float) -> None:
    """Who has read for so long gives its place back, and goes on as soon as it has one again."""
    if seconds >= AT_A_TIME.total_seconds():
        raise SourceUnavailable(
            f"{reading} was read for {AT_A_TIME.total_seconds() / 60:g} minutes, and others have their turn.",
            timedelta(0),
        )


def answered(
    pace: Pace, now: datetime, limit: int = 0, remaining: int = 0, resets_in: timedelta = ASKING
) -> Pace:
    """It answered, with a budget or (a limit of 0) without one."""
    well = replace(
        pace,
        breaker="closed",
        failures_in_a_row=0,
        opened_at=None,
        last_error=None,
        last_success_at=now,
    )
    return _learn(well, now, limit, remaining, resets_in)


def slowed(pace: Pace, now: datetime, wait: timedelta | None) -> Pace:
    """It asked us to slow down: the instance works, and nobody asks again before it says so."""
    until = now + wait if wait is not None else max(pace.resets_at or now, now + UNNAMED_WAIT)
    return replace(
        pace, limit=pace.limit or 1, remaining=0, resets_at=until, next_request_at=None
    )


def failed(pace: Pace, now: datetime, error: str) -> Pace:
    """It did not answer, or not with what it should."""
    failures = pace.failures_in_a_row + 1
    pace = replace(pace, failures_in_a_row=failures, last_error=error)
    if failures >= FAILURES_TO_OPEN or pace.breaker == "half-open":
        return replace(pace, breaker="open", opened_at=now)
    return pace


def _rest_of_breaker(pace: Pace, now: datetime) -> timedelta:
    if pace.breaker == "closed" or pace.opened_at is None:
        return timedelta(0)
    return pace.opened_at + (OPEN_FOR if pace.breaker == "open" else PROBE_FOR) - now


def _take_slot(pace: Pace, now: datetime) -> tuple[Pace, Turn]:
    slot = max(now, pace.next_request_at or now)
    if pace.limit == 0:
        return pace, Turn(slot - now)
    if (
        pace.limit is None
        or pace.remaining is None
        or not pace.resets_at
        or now >= pace.resets_at
    ):
        if slot > now:
            return pace, Turn(min(slot - now, LOOKING), "nobody knows its budget yet")
        return replace(pace, next_request_at=now + ASKING), NOW
    usable = pace.remaining - pace.limit // KEPT_BACK
    if usable <= 0 or slot >= pace.resets_at:
        return pace, Turn(pace.resets_at - now, "its budget is spent")
    if slot - now > PATIENCE:
        return pace, Turn(slot - now, "others are before us")
    gap = timedelta(0)
    if pace.remaining * 2 <= pace.limit:
        gap = (pace.resets_at - slot) / usable
    spent = replace(pace, remaining=pace.remaining - 1, next_request_at=slot + gap)
    return spent, Turn(slot - now)


def _learn(pace: Pace, now: datetime, limit: int, remaining: int, resets_in: timedelta) -> Pace:
    if limit == 0:
        return pace if pace.resets_at else replace(pace, limit=0, next_request_at=None)
    resets_at = now + resets_in
    if pace.resets_at is None or resets_at > pace.resets_at + SAME_RESET:
        return replace(
            pace, limit=limit, remaining=remaining, resets_at=resets_at, next_request_at=now
        )
    if resets_at < pace.resets_at - SAME_RESET or pace.remaining is None:
        return pace
    return replace(pace, limit=limit, remaining=min(pace.remaining, remaining))
