"""Which span of time a run reads: its params, else its data interval, else TIME_PERIOD_*."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chorus.domain.errors import ConfigurationError
from chorus.domain.window import Window

Interval = tuple[datetime | None, datetime | None]


def resolve_window(
    params: Mapping[str, Any],
    *,
    run_type: str,
    interval: Interval,
    run_after: datetime,
    time_period: timedelta,
) -> Window:
    """Params win; a manual run looks back from when it was due, so that a clear reads the same."""
    asked = asked_for(params, run_after)
    if asked is not None:
        return asked
    if run_type == "manual":
        return Window.back_from(run_after, time_period)
    since, until = interval
    if since is None or until is None or since >= until:
        raise ConfigurationError(
            f"This {run_type} run carries no data interval, so it would silently read nothing; "
            "schedule the DAG with CronDataIntervalTimetable or trigger it with params."
        )
    return Window(since, until)


def asked_for(params: Mapping[str, Any], run_after: datetime) -> Window | None:
    """What the params ask for, or None where they ask for nothing."""
    starts = [name for name in ("hours", "days", "since") if params.get(name) is not None]
    if len(starts) > 1:
        raise ConfigurationError(
            f"The params {' and '.join(starts)} each say where the window starts; give one of them."
        )
    if not starts:
        if params.get("until") is not None:
            raise ConfigurationError(
                "The param until ends a window that nothing starts; add since, hours or days."
            )
        return None
    until = moment("until", params["until"]) if params.get("until") is not None else run_after
    [start] = starts
    if start == "since":
        return Window(moment("since", params["since"]), until)
    return Window.back_from(until, timedelta(**{start: params[start]}))


def moment(name: str, text: str) -> datetime:
    """A param that names a moment; UTC where it names no time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"The param {name} is {text!r}, which is no moment; write it as 2026-11-20T09:00:00Z."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
