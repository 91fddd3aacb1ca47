"""A span of time in few pieces, so that counts of its hours or days need not be added up minute by minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

Unit = Literal["minutes", "hours", "days"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIZES = {"hours": HOUR, "days": DAY}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Piece(NamedTuple):
    """Part of a span, to be counted in this unit."""

    unit: Unit
    since: datetime
    until: datetime


def start_of(moment: datetime, size: timedelta) -> datetime:
    """When the hour or day began that this moment lies in, UTC."""
    return moment - (moment - EPOCH) % size


def tile(
    since: datetime, until: datetime, unit: Literal["hours", "days"], rest: Unit
) -> Iterator[Piece]:
    """As many whole hours or days as there are, and what is left at both ends in the smaller unit."""
    size = SIZES[unit]
    first, last = start_of(since + size - timedelta.resolution, size), start_of(until, size)
    if first >= last:
        first = last = until
    for piece in (
        Piece(rest, since, first),
        Piece(unit, first, last),
        Piece(rest, last, until),
    ):
        if piece.since < piece.until:
            yield piece
