"""What one status, as a Mastodon-compatible server sends it, tells us about: itself, its author, what it boosts."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chorus.domain.events import RawEvent, Rejected, take_in

SOURCE = "mastodon"


def events_of(
    status: Any, instance: str, observed_at: datetime
) -> Iterator[RawEvent | Rejected]:
    """The status (a boost is an event of its own, and so is what it boosts) and the accounts in it."""
    if not isinstance(status, dict):
        yield _look(instance, observed_at, "status", status, post_id=None, occurred_at=None)
        return
    boosted = status.get("reblog")
    kind = "reblog" if isinstance(boosted, dict) else "status"
    named = {"post_id": status.get("id"), "occurred_at": status.get("created_at")}
    yield _look(instance, observed_at, kind, status, **named)
    if isinstance(status.get("account"), dict):
        yield account_event(status["account"], instance, observed_at)
    if isinstance(boosted, dict):
        # A boost cannot boost a boost; a server that says so is not followed down.
        yield from events_of({**boosted, "reblog": None}, instance, observed_at)


def reread(
    kind: str, payload: Any, instance: str, observed_at: datetime
) -> Iterator[RawEvent | Rejected]:
    """A payload that was refused when it was read, as it is read now."""
    if kind == "account" and isinstance(payload, dict):
        yield account_event(payload, instance, observed_at)
    elif kind in {"status", "reblog"}:
        yield from events_of(payload, instance, observed_at)


def account_event(
    account: dict[str, Any], instance: str, observed_at: datetime
) -> RawEvent | Rejected:
    """An account has no moment of its own: it is filed under the week in which it was seen."""
    monday = observed_at.astimezone(UTC).date() - timedelta(days=observed_at.weekday())
    week = datetime.combine(monday, time(), UTC)
    return _look(
        instance, observed_at, "account", account, post_id=account.get("id"), occurred_at=week
    )


def created_at(status: Any) -> datetime | None:
    """When a status says it was created; None where it says nothing that makes sense."""
    text = status.get("created_at") if isinstance(status, dict) else None
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _look(
    instance: str,
    observed_at: datetime,
    kind: str,
    payload: Any,
    *,
    post_id: Any,
    occurred_at: Any,
) -> RawEvent | Rejected:
    is_number = isinstance(post_id, int) and not isinstance(post_id, bool)
    return take_in(
        source=SOURCE,
        source_id=instance,
        instance=instance,
        event_type=kind,
        payload=payload,
        post_id=str(post_id) if is_number else post_id,
        occurred_at=occurred_at if isinstance(occurred_at, str | datetime) else None,
        observed_at=observed_at,
    )
