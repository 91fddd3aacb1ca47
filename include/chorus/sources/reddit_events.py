"""What one submission or comment tells us about: itself and, as far as Reddit says, who wrote it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chorus.domain.events import RawEvent, Rejected, take_in

SOURCE = "reddit"
PREFIX = {"submission": "t3_", "comment": "t1_"}
NOBODY = frozenset({None, "", "[deleted]", "[removed]"})


def events_of(
    kind: str, things: Iterable[Mapping[str, Any]], instance: str, observed_at: datetime
) -> Iterator[RawEvent | Rejected]:
    """Each thing, and each of their authors once."""
    authors: dict[str, Mapping[str, Any]] = {}
    for thing in things:
        yield _event(kind, thing, instance, observed_at)
        author = thing.get("author")
        if isinstance(author, str) and author not in NOBODY:
            authors.setdefault(author, thing)
    for author, thing in authors.items():
        yield _account(author, thing, instance, observed_at)


def reread(
    kind: str, payload: Any, instance: str, observed_at: datetime
) -> Iterator[RawEvent | Rejected]:
    """A payload that was refused when it was read, as it is read now."""
    if kind in PREFIX and isinstance(payload, dict):
        yield from events_of(kind, [payload], instance, observed_at)
    elif kind == "account" and isinstance(payload, dict):
        yield _account(str(payload.get("author")), payload, instance, observed_at)


def created_at(thing: Mapping[str, Any]) -> datetime | None:
    """When Reddit says it was created; None where that makes no sense."""
    seconds = thing.get("created_utc")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _event(
    kind: str, thing: Mapping[str, Any], instance: str, observed_at: datetime
) -> RawEvent | Rejected:
    name = thing.get("name") or (f"{PREFIX[kind]}{thing['id']}" if thing.get("id") else None)
    return take_in(
        source=SOURCE,
        source_id=str(thing.get("subreddit") or ""),
        instance=instance,
        event_type=kind,
        payload=thing,
        post_id=name,
        occurred_at=created_at(thing),
        observed_at=observed_at,
    )


def _account(
    author: str, thing: Mapping[str, Any], instance: str, observed_at: datetime
) -> RawEvent | Rejected:
    """All that Reddit says of an author beside a post; filed under the week in which it was seen."""
    monday = observed_at.astimezone(UTC).date() - timedelta(days=observed_at.weekday())
    return take_in(
        source=SOURCE,
        source_id=instance,
        instance=instance,
        event_type="account",
        payload={"author": author, "author_fullname": thing.get("author_fullname")},
        post_id=author,
        occurred_at=datetime.combine(monday, time(), UTC),
        observed_at=observed_at,
    )
