"""What a server's headers say about waiting: Retry-After and the X-RateLimit family, however they are written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Nobody means a wait beyond this, and a hostile header shall not park a target for years.
LONGEST = timedelta(days=1)
# Above this a number of X-RateLimit-Reset is a date, below it a span of seconds.
SMALLEST_EPOCH = 1_000_000_000
# And above this one in milliseconds.
SMALLEST_IN_MILLISECONDS = 100 * SMALLEST_EPOCH
MOST_REQUESTS = 1_000_000
AGREES = timedelta(seconds=1.2)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many requests a server allows, how many of these are left, and for how long."""

    limit: int
    remaining: int
    resets_in: timedelta


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a 429 or 503 asks us to wait: its Retry-After, else until its budget starts over."""
    asked = headers.get("Retry-After")
    if asked is not None and (wait := _wait(asked, _clock(headers, now))) is not None:
        return wait
    reset = _told(headers, "Reset")
    return _wait(reset, _clock(headers, now)) if reset else None


def budget(headers: Mapping[str, str], now: datetime) -> Budget | None:
    """The budget after this answer; None where the server says nothing about it, or nonsense."""
    resets_in = _wait(_told(headers, "Reset"), _clock(headers, now))
    # The first of several: proxies repeat what they pass on, and some say beside it for which window it is meant.
    limit_told, remaining_told = (
        _told(headers, name).partition(",")[0] for name in ("Limit", "Remaining")
    )
    try:
        limit, remaining = int(limit_told), int(float(remaining_told))
    except (ValueError, OverflowError):
        return None
    if resets_in is None or not 0 < limit <= MOST_REQUESTS:
        return None
    return Budget(limit, min(max(remaining, 0), limit), resets_in)


def _told(headers: Mapping[str, str], name: str) -> str:
    """As Mastodon calls it, or else as the IETF's draft does."""
    return headers.get(f"X-RateLimit-{name}") or headers.get(f"RateLimit-{name}") or ""


def _clock(headers: Mapping[str, str], now: datetime) -> datetime:
    """The server's own clock where it differs from ours: its dates are meant by that one.

    Date knows only whole seconds, so where the two agree ours is the better one.
    """
    theirs = _http_date(headers.get("Date", ""))
    if theirs is None or timedelta(0) <= now - theirs <= AGREES:
        return now
    return theirs


def _wait(text: str, now: datetime) -> timedelta | None:
    first = text.partition(",")[0]
    try:
        number = float(first)
    except ValueError:
        moment = _http_date(text) or _iso(first)
        return None if moment is None else _within_reason(moment - now)
    if math.isnan(number):
        return None
    if number >= SMALLEST_EPOCH:
        in_seconds = number / 1000 if number >= SMALLEST_IN_MILLISECONDS else number
        number = in_seconds - now.timestamp()
    return _within_reason(timedelta(seconds=min(max(number, 0.0), LONGEST.total_seconds())))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _within_reason(wait: timedelta) -> timedelta:
    return min(max(wait, timedelta(0)), LONGEST)
