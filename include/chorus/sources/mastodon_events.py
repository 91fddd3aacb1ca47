"""What one status, as a Mastodon-compatible server sends it, tells us about: itself, its author, what it boosts."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chorus.domain.errors import SourceChanged
from chorus.domain.events import RawEvent, Rejected, take_in

SOURCE = "mastodon"
# Servers give 80 at most; one that means to fill our memory sends millions of the shortest there are.
MOST_POSTS = 2_000


def statuses_in(body: Any, whose: str) -> list[Any]:
    """The statuses of an answer, whatever each of them is."""
    if not isinstance(body, list):
        raise SourceChanged(f"{whose} answered with something that is no list of posts.")
    if len(body) > MOST_POSTS:
        raise SourceChanged(
            f"{whose} answered with {len(body):,} posts at once; no page has more than {MOST_POSTS:,}."
        )
    return body


def events_of(
    status: Any, instance: str, observed_at: datetime
) -> Iterator[RawEvent | Rejected]:
    """The status (a boost is an event of its own, and so is what it boosts) and the accounts in it."""
    if not isinstance(status, dict):
        yield _look(instance, observed_at, "status", status, post_id=None, occurred_at=None)
        return
    boosted = status.get("reblog")
    kind = "reblog" if isinstance(boosted, dict) else "status"
    moment = created_at(status) or status.get("created_at")
    named = {"post_id": name_of(status), "occurred_at": moment}
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
        instance, observed_at, "account", account, post_id=name_of(account), occurred_at=week
    )


def created_at(status: Any) -> datetime | None:
    """When a status says it was created, UTC where it names no zone; None where it says nothing that makes sense."""
    text = status.get("created_at") if isinstance(status, dict) else None
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return (
        moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
    )


def name_of(thing: dict[str, Any]) -> Any:
    """Its id as a text; some servers send a number."""
    name = thing.get("id")
    return str(name) if isinstance(name, int) and not isinstance(name, bool) else name


def _look(
    instance: str,
    observed_at: datetime,
    kind: str,
    payload: Any,
    *,
    post_id: Any,
    occurred_at: Any,
) -> RawEvent | Rejected:
    return take_in(
        source=SOURCE,
        source_id=instance,
        instance=instance,
        event_type=kind,
        payload=payload,
        post_id=post_id,
        occurred_at=occurred_at if isinstance(occurred_at, str | datetime) else None,
        observed_at=observed_at,
    )
