"""Gold: refresh the views that are behind, one by one, and check that they say what the facts say."""

from chorus.config import Settings
from chorus.domain.errors import CheckFailed
from chorus.warehouse import gold_views
from chorus.warehouse.connection import Connection
from chorus.warehouse.days import count_anew
from chorus.warehouse.gold_views import Refresh
from chorus.warehouse.silver import lock
from chorus.warehouse.statements import render

NAMED = 5


def views_to_refresh(connection: Connection, settings: Settings | None = None) -> list[str]:
    """The views whose inputs have changed since they were last refreshed."""
    return gold_views.pending_views(connection, settings)


def refresh_view(
    connection: Connection, view: str, settings: Settings | None = None
) -> Refresh:
    """Refresh one view beside its readers; returns how many rows it has and how long that took."""
    return gold_views.refresh(connection, view, settings)


def refresh_views(
    connection: Connection, settings: Settings | None = None
) -> dict[str, Refresh]:
    """Refresh every view that is behind."""
    return {
        view: refresh_view(connection, view, settings)
        for view in views_to_refresh(connection, settings)
    }


def recount(connection: Connection, settings: Settings) -> dict[str, Refresh]:
    """Count anew from the facts all that is counted, while no load runs, and refresh what changed by it."""
    with connection.transaction():
        lock(connection, settings)
        count_anew(connection, settings)
    return refresh_views(connection, settings)


def check_gold(connection: Connection, settings: Settings | None = None) -> None:
    """Fail, naming what is wrong, where rollups disagree with each other, with the facts or with the views."""
    broken = connection.execute(render("gold/view_state/check.sql", settings)).fetchall()
    if broken:
        shown = "; ".join(f"{promise}: {thing}" for promise, thing in broken[:NAMED])
        more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
        raise CheckFailed(
            f"Gold does not agree with the facts: {shown}{more}; "
            "`chorus warehouse rebuild --from` that day counts everything anew."
        )
