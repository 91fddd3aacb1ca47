"""The seven views: which of them are behind, and bringing one up to date while people go on reading it."""

from time import monotonic
from typing import TypedDict

from psycopg import errors

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, WarehouseOutdated
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

VIEWS = (
    "mv_daily_engagement_summary",
    "mv_top_performing_content",
    "mv_account_influence_analysis",
    "mv_hashtag_performance",
    "mv_hourly_posting_patterns",
    "mv_sentiment_trends",
    "mv_viral_content_indicators",
)


class Refresh(TypedDict):
    """What a refresh left and took."""

    rows: int
    seconds: float


def pending_views(connection: Connection, settings: Settings | None = None) -> list[str]:
    """The views whose inputs have changed since they were last refreshed."""
    rows = connection.execute(render("gold/view_state/pending.sql", settings)).fetchall()
    return [str(view) for (view,) in rows]


def refresh(connection: Connection, view: str, settings: Settings | None = None) -> Refresh:
    """Refresh one view and remember it; a load that commits meanwhile leaves it marked for the next time."""
    if view not in VIEWS:
        raise ConfigurationError(f"There is no view {view}; the views are {', '.join(VIEWS)}.")
    # Asked for before the refresh, so that what the refresh may not have seen stays marked.
    changes = _number(connection, settings, "changes", view)
    started = monotonic()
    try:
        connection.execute(render("gold/view_state/refresh.sql", settings, view=view))
    except errors.UndefinedTable as error:
        raise WarehouseOutdated(
            f"The view {view} is missing; `chorus warehouse migrate` makes it."
        ) from error
    done = Refresh(
        rows=_number(connection, settings, "count", view),
        seconds=round(monotonic() - started, 3),
    )
    connection.execute(
        render("gold/view_state/refreshed.sql", settings),
        {"view": view, "changes": changes, **done},
    )
    connection.commit()
    return done


def _number(connection: Connection, settings: Settings | None, file: str, view: str) -> int:
    row = connection.execute(
        render(f"gold/view_state/{file}.sql", settings, view=view), {"view": view}
    ).fetchone()
    return int(str(row[0])) if row else 0
