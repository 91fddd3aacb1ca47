"""Questions people ask of gold, each a file under include/sql/gold/read: the same for the command line and an API."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from psycopg.rows import dict_row

from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Row = dict[str, Any]
Measure = Literal["posts", "rate", "jaccard", "lift"]
Baseline = Literal["hourly", "yesterday"]

# How many a question looks at before it orders them: bounds what it costs.
CANDIDATES = 500
# Minutes are kept for 48 hours: those of a longer window would be compared with some that are gone.
MINUTES_OF_A_DAY = 24 * 60


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
    if baseline == "yesterday" and minutes > MINUTES_OF_A_DAY:
        raise ConfigurationError(
            f"A window of {minutes} minutes has no yesterday that is known by the minute: ask for at most "
            f"{MINUTES_OF_A_DAY}, or compare with an hourly baseline."
        )
    since = until.astimezone(UTC) - timedelta(minutes=minutes)
    whole_hours = since.replace(minute=0, second=0, microsecond=0)
    return _ask(
        connection,
        "trending",
        until=until,
        minutes=minutes,
        same_hour_yesterday=baseline == "yesterday",
        baseline_hours=baseline_hours,
        # As moments and not as arithmetic, which would be done again for every row.
        baseline_since=whole_hours - timedelta(hours=baseline_hours),
        baseline_until=whole_hours,
        half_life=half_life,
        smoothing=smoothing,
        min_growth=min_growth,
        min_posts=min_posts,
        instance=instance,
        by_growth=by_growth,
        most=most,
        candidates=CANDIDATES,
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
        candidates=CANDIDATES,
        **model.columns,
    )


def _ask(connection: Connection, question: str, **values: Any) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(render(f"gold/read/{question}.sql"), values).fetchall()
