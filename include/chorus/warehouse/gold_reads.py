"""Questions people ask of gold, each a file under include/sql/gold/read: the same for the command line and an API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any, Literal

from psycopg.rows import dict_row

from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey
from chorus.domain.tiles import DAY, HOUR, Piece, start_of, tile
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Row = dict[str, Any]
Measure = Literal["posts", "rate", "jaccard", "lift"]
Baseline = Literal["hourly", "yesterday"]

# How many a question looks at before it orders them: bounds what it costs.
TAGS = 200
# Minutes are kept for 48 hours: those of a longer window would be compared with some that are gone.
MINUTES_OF_A_DAY = 24 * 60
# Minutes in which a weight may be halved: of less, nothing would be left to reckon with.
SHORTEST = 0.1
# Windows of more minutes are counted by the hour, but for their edges and what was said lately.
WIDE = 120


def trending(
    connection: Connection,
    *,
    until: datetime,
    minutes: int = 60,
    baseline: Baseline = "hourly",
    baseline_hours: int = 24,
    half_life: float | None = None,
    smoothing: float = 2,
    min_growth: float = 1.5,
    min_posts: int = 3,
    instance: str | None = None,
    by_growth: bool = False,
    most: int = 10,
) -> list[Row]:
    """Hashtags used more than they used to be, by posts or by growth; the formula stands in trending.sql."""
    if minutes < 1 or baseline_hours < 1 or (half_life is not None and half_life < SHORTEST):
        raise ConfigurationError(
            "A window has a minute at least, a baseline an hour, a half-life a tenth of a minute: ask for as much."
        )
    if minutes > 2 * MINUTES_OF_A_DAY:
        raise ConfigurationError(
            f"A window of {minutes} minutes begins where none is known any more: ask for at most "
            f"{2 * MINUTES_OF_A_DAY}."
        )
    if baseline == "yesterday" and minutes > MINUTES_OF_A_DAY:
        raise ConfigurationError(
            f"A window of {minutes} minutes has no yesterday that is known by the minute: ask for at most "
            f"{MINUTES_OF_A_DAY}, or compare with an hourly baseline."
        )
    half_life = half_life or inf
    until = until.astimezone(UTC)
    since = until - timedelta(minutes=minutes)
    # Counts by the day are of all instances; and few minutes are added up as fast as anything else.
    wide = minutes > WIDE and instance is None
    window = list(_by_hours(since, until)) if wide else [Piece("minutes", since, until)]
    if baseline == "yesterday":
        before = [Piece(unit, start - DAY, end - DAY) for unit, start, end in window]
        hours_before = minutes / 60
    else:
        hours_before = baseline_hours
        start = start_of(since, HOUR) - baseline_hours * HOUR
        end = start_of(since, HOUR)
        before = (
            list(tile(start, end, "days", "hours"))
            if instance is None
            else [Piece("hours", start, end)]
        )
    pieces = [*window, *before]
    return _ask(
        connection,
        "trending",
        until=until,
        units=[piece.unit for piece in pieces],
        recent=[number < len(window) for number in range(len(pieces))],
        sinces=[piece.since for piece in pieces],
        untils=[piece.until for piece in pieces],
        window_days=_days_of(since, until) if wide else [],
        baseline_hours=hours_before,
        half_life=half_life,
        hour_weight=_weights(60, half_life) / 60,
        window_weight=_weights(minutes, half_life),
        smoothing=smoothing,
        min_growth=min_growth,
        min_posts=min_posts,
        instance=instance,
        by_growth=by_growth,
        most=most,
        candidates=max(TAGS, most),
    )


def recommendations(
    connection: Connection,
    hashtag: str,
    *,
    by: Measure = "lift",
    min_rate: float = 0.01,
    min_posts: int = 2,
    most: int = 10,
) -> list[Row]:
    """What goes with a hashtag; `hashtag` is folded."""
    return _ask(
        connection,
        "recommendations",
        hashtag=hashtag,
        by=by,
        min_rate=min_rate,
        min_posts=min_posts,
        most=most,
    )


def top_users(connection: Connection, *, most: int = 10) -> list[Row]:
    """The accounts with most engagement."""
    return _ask(connection, "top_users", most=most)


def top_hashtags(connection: Connection, *, days: int = 7, most: int = 10) -> list[Row]:
    """The hashtags with most posts in the newest days."""
    return _ask(connection, "top_hashtags", days=days, most=most, candidates=4 * most)


def gain(
    connection: Connection, *, since: datetime, until: datetime, most: int = 10
) -> list[Row]:
    """The posts that gained most between two moments."""
    return _ask(connection, "gain", since=since, until=until, most=most)


def label_flips(
    connection: Connection, model: ModelKey, *, since: datetime, most: int = 10
) -> list[Row]:
    """Posts whose mood changed when they were edited."""
    return _ask(
        connection,
        "label_flips",
        since=since,
        most=most,
        **model.columns,
    )


def _by_hours(since: datetime, until: datetime) -> Iterator[Piece]:
    """A window by the hour; the last of it by the minute, where a half-life makes a difference."""
    lately = start_of(until, HOUR) - HOUR
    yield from tile(since, lately, "hours", "minutes")
    yield Piece("minutes", lately, until)


def _days_of(since: datetime, until: datetime) -> list[date]:
    first = since.date()
    return [first + timedelta(days=n) for n in range((until.date() - first).days + 1)]


def _weights(minutes: int, half_life: float) -> float:
    """What the last so many minutes weigh together; the last one weighs 1."""
    return sum(float(0.5 ** (minute / half_life)) for minute in range(minutes))


def _ask(connection: Connection, question: str, **values: Any) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(render(f"gold/read/{question}.sql"), values).fetchall()
