"""Questions people ask of gold, each a file under include/sql/gold/read: the same for the command line and an API."""

from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, Literal

from psycopg.rows import dict_row

from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey
from chorus.domain.tiles import DAY, HOUR, Piece, start_of, tile
from chorus.domain.trending import MINUTE, NONE, WIDE, by_hours, by_minutes, weights
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Row = dict[str, Any]
Measure = Literal["posts", "rate", "jaccard", "lift"]
Baseline = Literal["hourly", "yesterday"]

# Minutes are kept for 48 hours: those of a longer window would be compared with some that are gone.
MINUTES_OF_A_DAY = 24 * 60
# What can be reckoned with, at least and at most; what is no number at all is neither.
BOUNDS: dict[str, tuple[float, float]] = {
    "baseline_hours": (1, 366 * 24),
    "days": (1, 3660),
    "half_life": (0.1, inf),
    "min_growth": (0, 10**9),
    "min_posts": (0, 10**9),
    "min_rate": (0, 1),
    "minutes": (1, 2 * MINUTES_OF_A_DAY),
    "most": (1, 10**6),
    "smoothing": (0.001, 10**9),
}


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
    half_life = inf if half_life is None else half_life
    _ensure_within_bounds(
        minutes=minutes,
        baseline_hours=baseline_hours,
        half_life=half_life,
        smoothing=smoothing,
        min_growth=min_growth,
        min_posts=min_posts,
        most=most,
    )
    until = until.astimezone(UTC)
    since = until - timedelta(minutes=minutes)
    window_weight = weights(minutes, half_life)
    # Few minutes are added up as fast as anything else.
    window = (
        by_hours(
            since,
            until,
            half_life,
            weight=(min_growth - 1) * smoothing * window_weight / 60,
            min_posts=min_posts,
        )
        if minutes > WIDE
        else by_minutes(since, until)
    )
    recent, some = window.of_all, window.of_some
    if baseline == "yesterday":
        before = [
            Piece(unit, start - DAY, end - DAY)
            for unit, start, end in [*recent, *([some] if some else [])]
        ]
        hours_before = minutes / 60
    else:
        hours_before = baseline_hours
        start = start_of(since, HOUR) - baseline_hours * HOUR
        end = start_of(since, HOUR)
        # Counts by the day are of all instances.
        before = (
            list(tile(start, end, "days", "hours"))
            if instance is None
            else [Piece("hours", start, end)]
        )
    days = next((piece for piece in before if piece.unit == "days"), None)
    pieces = [*recent, *before]
    return _ask(
        connection,
        "trending",
        # Minutes are whole.
        until=start_of(until + MINUTE - timedelta.resolution, MINUTE),
        units=[piece.unit for piece in pieces],
        recent=[number < len(recent) for number in range(len(pieces))],
        sinces=[piece.since for piece in pieces],
        untils=[piece.until for piece in pieces],
        some_since=some and some.since,
        some_until=some and some.until,
        days_since=days and days.since.date(),
        days_until=days and days.until.date(),
        weight=window.weight,
        days=window.days,
        posts_of_a_day=window.posts_of_a_day,
        baseline_hours=hours_before,
        half_life=half_life,
        hour_weight=weights(60, half_life) / 60,
        window_weight=window_weight,
        smoothing=smoothing,
        min_growth=min_growth,
        min_posts=min_posts,
        instance=instance,
        by_growth=by_growth,
        most=most,
        # All that is left has grown enough: what is used most comes first, whatever was before.
        places=NONE if by_growth or min_growth > 0 else most,
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
    _ensure_within_bounds(min_rate=min_rate, min_posts=min_posts, most=most)
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
    _ensure_within_bounds(most=most)
    return _ask(connection, "top_users", most=most)


def top_hashtags(connection: Connection, *, days: int = 7, most: int = 10) -> list[Row]:
    """The hashtags with most posts in the newest days."""
    _ensure_within_bounds(days=days, most=most)
    return _ask(connection, "top_hashtags", days=days, most=most, candidates=4 * most)


def gain(
    connection: Connection, *, since: datetime, until: datetime, most: int = 10
) -> list[Row]:
    """The posts that gained most between two moments."""
    _ensure_within_bounds(most=most)
    return _ask(connection, "gain", since=since, until=until, most=most)


def label_flips(
    connection: Connection, model: ModelKey, *, since: datetime, most: int = 10
) -> list[Row]:
    """Posts whose mood changed when they were edited."""
    _ensure_within_bounds(most=most)
    return _ask(
        connection,
        "label_flips",
        since=since,
        most=most,
        **model.columns,
    )


def _ensure_within_bounds(**asked: float) -> None:
    """Refuse what PostgreSQL would stumble over, or answer with what means nothing."""
    for name, value in asked.items():
        least, greatest = BOUNDS[name]
        if not least <= value <= greatest:
            raise ConfigurationError(
                f"{name} is {value}, which nobody can reckon with: ask for {least:,} to {greatest:,}."
            )


def _ask(connection: Connection, question: str, **values: Any) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        # Planned for what is asked each time: a plan for any window at all takes a third longer than planning saves.
        return cursor.execute(
            render(f"gold/read/{question}.sql"), values, prepare=False
        ).fetchall()
