"""What of a window has to be counted for all hashtags, so that none is missed that the others could not hide behind."""

from datetime import date, datetime, timedelta
from math import ceil, expm1, inf, log
from typing import NamedTuple

from chorus.domain.tiles import HOUR, Piece, start_of, tile

# Windows of more minutes are counted by the hour, but for their edges and what was said lately.
WIDE = 120
# Tags with fewer posts on a day are so many that counting them one by one takes longer than counting all.
FEWEST = 10
# That few, where another hour of all tags makes it many more.
FEW = 30
# More than any tag has, and still a number for PostgreSQL.
NONE = 2**62
# Of a weight, from late hours: the more it is, the fewer tags have it, and the more hours are late.
MOST = 0.95
MINUTE = timedelta(minutes=1)
# Sums of weights differ in their last digits, depending on the order.
ALMOST = 1 - 1e-9


class Window(NamedTuple):
    """Pieces of a window: of all tags, and of some.

    What is shown has in the first a weight of at least `weight`, or `posts_of_a_day` on one of the days.
    """

    of_all: list[Piece]
    of_some: Piece | None
    weight: float
    days: list[date]
    posts_of_a_day: int


def weights(minutes: int, half_life: float) -> float:
    """What the last so many minutes weigh together; the last one weighs 1."""
    if half_life == inf:
        return float(minutes)
    return expm1(-minutes * log(2) / half_life) / expm1(-log(2) / half_life)


def by_minutes(since: datetime, until: datetime) -> Window:
    """All of it of all tags."""
    return Window([Piece("minutes", since, until)], None, 0, [], NONE)


def by_hours(
    since: datetime, until: datetime, half_life: float, *, weight: float, min_posts: int
) -> Window:
    """A wide one; what is shown weighs at least `weight` and has at least `min_posts`.

    Where posts weigh the same whenever they were written, so many are so many on the days of the window, and on one
    of these their share. Where they lose weight, most of it comes from late hours or the rest from earlier ones, where
    it takes many posts.
    """
    weight *= ALMOST
    # By the minute, where it makes a difference when in an hour a post was written.
    lately = start_of(until, HOUR) - (HOUR if half_life < inf else timedelta(0))
    if half_life == inf:
        days = _days(since, until)
        posts_of_a_day = _share(max(weight, min_posts), days)
        if posts_of_a_day >= FEWEST:
            return Window(*_parted(since, lately, until, lately), inf, days, posts_of_a_day)
    near = lately
    while half_life < inf and near > since:
        days = _days(since, near)
        heaviest = 0.5 ** min((until - near) / MINUTE / half_life, 1000)
        posts_of_a_day = _share((1 - MOST) * weight / heaviest, days)
        if posts_of_a_day >= FEW:
            return Window(
                *_parted(since, near, until, lately), MOST * weight, days, posts_of_a_day
            )
        near -= HOUR
    return Window(*_parted(since, since, until, lately), 0, [], NONE)


def _share(posts: float, days: list[date]) -> int:
    """How many posts the busiest of so many days has at least."""
    return ceil(min(posts / len(days), NONE))


def _parted(
    since: datetime, near: datetime, until: datetime, lately: datetime
) -> tuple[list[Piece], Piece | None]:
    """Of all tags the minutes and the hours from `near` on, of some the hours before."""
    pieces = list(tile(since, lately, "hours", "minutes"))
    if lately < until:
        pieces.append(Piece("minutes", lately, until))
    of_all = [piece for piece in pieces if piece.unit == "minutes"]
    of_some = None
    for piece in pieces:
        if piece.unit == "hours":
            edge = min(max(piece.since, near), piece.until)
            if piece.since < edge:
                of_some = piece._replace(until=edge)
            if edge < piece.until:
                of_all.append(piece._replace(since=edge))
    return of_all, of_some


def _days(since: datetime, until: datetime) -> list[date]:
    """Those that the span has a part of, UTC."""
    first, last = since.date(), (until - timedelta.resolution).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
