"""Through a timeline: from cursor to cursor, computed where ids tell the time and taken from links elsewhere.

Timelines are in order of arrival, not of creation, so a walk reads past both edges of its window. It never trusts a
server to end: a cursor that comes back, pages without anything new, or too many of them end it with SourceChanged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from chorus.domain.errors import SourceChanged
from chorus.domain.window import Window
from chorus.sources.http import Answer
from chorus.sources.mastodon_events import created_at

# Another server's clock may be this far ahead: its post arrives "before" it was created.
SKEW = timedelta(minutes=5)
# So much later than its window's end a post may arrive and still be read with it; LATE_ARRIVALS says otherwise.
LATE = timedelta(minutes=15)
MOST_PAGES = 10_000
MOST_STALE_PAGES = 3

Cursor = Mapping[str, str]


class Walk(Protocol):
    """A way through a timeline."""

    def start(self) -> Cursor: ...

    def go_on(self, answer: Answer) -> Cursor | None:
        """The cursor after this answer; None at the end."""

    def holds(self, status: Any) -> bool:
        """Whether a status is one of those the walk was for."""


def snowflake(moment: datetime) -> int:
    """The smallest id Mastodon gives in the millisecond of `moment`."""
    return max(int(moment.timestamp() * 1000), 0) << 16


def told_by(post_id: str) -> datetime | None:
    """When Mastodon gave an id; None for what is no snowflake."""
    if not (post_id.isascii() and post_id.isdigit()):
        return None
    try:
        return datetime.fromtimestamp((int(post_id) >> 16) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


@dataclass(frozen=True)
class BySnowflake:
    """On Mastodon itself: just the ids of the window's time, with a margin, newest first.

    A post that was created before the window and arrived in it comes along: an earlier window, read as it
    ended, cannot have seen it. So windows side by side miss nothing, however late a post is. A window on its own
    misses what arrived later than `late` after its end: that lies among the posts of hours that nobody asked for.
    """

    window: Window
    limit: int
    late: timedelta = LATE

    def start(self) -> Cursor:
        newest = snowflake(self.window.until + self.late)
        return {"limit": str(self.limit), "max_id": str(newest), **self._floor()}

    def go_on(self, answer: Answer) -> Cursor | None:
        ids = [int(post["id"]) for post in answer.body if _has_snowflake(post)]
        # Mastodon links to a next page exactly where this one is full; a proxy may drop the link.
        is_last = answer.next_page is None and len(answer.body) < self.limit
        if not ids or is_last or min(ids) <= self._oldest():
            return None
        return {"limit": str(self.limit), "max_id": str(min(ids)), **self._floor()}

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        if created is None:
            return True  # a dead letter, where a person sees it
        if created in self.window:
            return True
        arrived = told_by(str(status.get("id")))
        return arrived is not None and created < self.window.since <= arrived

    def _oldest(self) -> int:
        return snowflake(self.window.since - SKEW)

    def _floor(self) -> Cursor:
        return {"since_id": str(self._oldest())}


@dataclass(frozen=True)
class ByLink:
    """Elsewhere: from the newest page along the links, until a whole page lies well before the window."""

    window: Window
    limit: int

    def start(self) -> Cursor:
        return {"limit": str(self.limit)}

    def go_on(self, answer: Answer) -> Cursor | None:
        if not answer.body or answer.next_page is None:
            return None
        moments = [created_at(status) for status in answer.body]
        known = [moment for moment in moments if moment is not None]
        if known and max(known) < self.window.since - LATE:
            return None
        return {"limit": str(self.limit), **answer.next_page}

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        return created is None or created in self.window


@dataclass
class Guard:
    """Ends a walk that a server would never end."""

    timeline: str
    pages: int = 0
    stale: int = 0
    cursors: set[tuple[tuple[str, str], ...]] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)

    def enter(self, cursor: Cursor) -> None:
        key = tuple(sorted(cursor.items()))
        if key in self.cursors:
            raise SourceChanged(
                f"{self.timeline} goes in circles: it gave the cursor {key} twice."
            )
        self.cursors.add(key)
        self.pages += 1
        if self.pages > MOST_PAGES:
            raise SourceChanged(
                f"{self.timeline} did not end within {MOST_PAGES:,} pages: read a shorter window."
            )

    def unseen(self, statuses: Iterable[Any]) -> Iterator[Any]:
        """Those that no page before held: an overlapping page gives nothing twice."""
        fresh = 0
        for status in statuses:
            name = status.get("id") if isinstance(status, dict) else None
            name = name if isinstance(name, str) else repr(status)
            if name not in self.posts:
                self.posts.add(name)
                fresh += 1
                yield status
        self.stale = 0 if fresh else self.stale + 1
        if self.stale >= MOST_STALE_PAGES:
            raise SourceChanged(
                f"{self.timeline} gave {self.stale} pages in a row without a post that is new."
            )


def _has_snowflake(status: Any) -> bool:
    return isinstance(status, dict) and told_by(str(status.get("id", ""))) is not None
