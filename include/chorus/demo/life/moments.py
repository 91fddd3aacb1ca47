"""Time in the demo network: whole milliseconds since 1970, as its ids carry them."""

from collections.abc import Callable
from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Nothing was said before; a walk into the past ends here.
BIRTH = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()) * SECOND

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * SECOND)


def iso(moment: int) -> str:
    """As Mastodon writes times: UTC with three digits of a second and a Z."""
    seconds, rest = divmod(moment, SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
