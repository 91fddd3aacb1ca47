"""Through a timeline: from cursor to cursor, computed where ids tell the time and taken from links elsewhere.

Timelines are in order of arrival, not of creation, so a walk reads past both edges of its window. It never trusts a
server to end: a cursor that comes back, pages without anything new, or too many of them end it with SourceChanged.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Protocol

from chorus.domain.errors import SourceChanged
from chorus.domain.window import Window
from chorus.sources.http import Answer
from chorus.sources.mastodon_events import created_at, name_of

# Clocks differ, and a server takes a moment to publish what is its own: so much beyond both edges is read as well.
MARGIN = timedelta(minutes=5)
# So many requests beyond the pages of its own posts a window may cost.
SPARE_REQUESTS = 2
# Where ids tell no time: a page of posts in a row, all so much older than the window, are where it ends.
WELL_BEFORE = timedelta(minutes=15)
# There, a window that is read as it ends catches up with what was created so long before it: the nine tries of a delivery.
CATCH_UP = timedelta(hours=3)
AS_IT_ENDS = timedelta(hours=1)
MOST_PAGES = 10_000
MOST_STALE_PAGES = 3

Cursor = Mapping[str, str]


class Walk(Protocol):
    """A way through a timeline."""

    def start(self) -> Cursor: ...

    def go_on(self, cursor: Cursor, answer: Answer) -> Cursor | None:
        """The cursor after this answer, which the cursor gave; None at the end."""

    def query(self, cursor: Cursor) -> Cursor:
        """What of a cursor the server is asked."""

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


@dataclass
class BySnowflake:
    """On Mastodon itself: the ids of the window's time, newest first; then upwards, among what arrived after it.

    A post that was created before the window and arrived in it comes along: an earlier window, read as it
    ended, cannot have seen it. So windows side by side miss nothing, however late a post is. A window on its own
    looks for late ones as far up as two requests beyond its own pages reach, and at least until `late` after its
    end; what arrived later still lies among the posts of hours that nobody asked for.

    `late_ones` is how a timeline is asked for the posts that can be late: only other servers' are. None: none can.
    """

    window: Window
    limit: int
    late: timedelta = MARGIN
    late_ones: Mapping[str, str] | None = field(default_factory=dict)
    _pages: int = 0
    _found: int = 0

    def start(self) -> Cursor:
        return {"limit": str(self.limit), "max_id": str(self._newest)}

    def query(self, cursor: Cursor) -> Cursor:
        return {name: value for name, value in cursor.items() if name != "spare"}

    def go_on(self, cursor: Cursor, answer: Answer) -> Cursor | None:
        pages_before = self._pages_of_its_own
        self._pages += 1
        self._found += sum(_is_in(self.window, status) for status in answer.body)
        ids = [int(post["id"]) for post in answer.body if _has_snowflake(post)]
        is_short = len(answer.body) < self.limit
        if "min_id" in cursor:
            earned = self._pages_of_its_own - pages_before
            spare = 0 if is_short else int(cursor["spare"]) - 1 + earned
            is_higher = max(ids, default=0) > int(cursor["min_id"])
            return self._up_from(max(ids), spare) if is_higher else None
        # Timelines link to a next page until one is empty, accounts until one is short; a proxy may drop the link.
        is_last = not ids or (is_short and answer.next_page is None)
        if not is_last and min(ids) > self._oldest:
            return {"limit": str(self.limit), "max_id": str(min(ids))}
        if self.late_ones is None or answer.observed_at <= self.window.until + MARGIN:
            return None
        spare = self._pages_of_its_own + SPARE_REQUESTS - self._pages
        return self._up_from(self._newest - 1, spare)

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        if created is None:
            return True  # a dead letter, where a person sees it
        if created in self.window:
            return True
        arrived = told_by(str(status.get("id")))
        return arrived is not None and created < self.window.since and arrived in self.window

    def _up_from(self, newest_seen: int, spare: int) -> Cursor | None:
        if spare <= 0 and newest_seen >= snowflake(self.window.until + self.late) - 1:
            return None
        place = {"limit": str(self.limit), "min_id": str(newest_seen), "spare": str(spare)}
        return {**place, **(self.late_ones or {})}

    @property
    def _pages_of_its_own(self) -> int:
        return ceil(self._found / self.limit)

    @property
    def _newest(self) -> int:
        return snowflake(self.window.until + MARGIN)

    @property
    def _oldest(self) -> int:
        return snowflake(self.window.since - MARGIN)


@dataclass
class ByLink:
    """Elsewhere: from the newest page along the links, until a page's worth of posts lies well before the window.

    That passes everything that arrived late, so a window read long after is exact. One that is read as it ends takes
    along what it passes of the hours before, whose windows were read before that arrived.
    """

    window: Window
    limit: int
    _before_it: int = 0
    _catches_up: bool = False

    def start(self) -> Cursor:
        return {"limit": str(self.limit)}

    def query(self, cursor: Cursor) -> Cursor:
        return cursor

    def go_on(self, _cursor: Cursor, answer: Answer) -> Cursor | None:
        self._catches_up = answer.observed_at < self.window.until + AS_IT_ENDS
        if not answer.body or answer.next_page is None:
            return None
        for moment in filter(None, map(created_at, answer.body)):
            is_before = moment < self.window.since - WELL_BEFORE
            self._before_it = self._before_it + 1 if is_before else 0
        if self._before_it >= self.limit:
            return None
        return {"limit": str(self.limit), **answer.next_page}

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        since = self.window.since - (CATCH_UP if self._catches_up else timedelta(0))
        return created is None or since <= created < self.window.until


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
                f"{self.timeline} goes in circles: it gave the cursor {str(key)[:200]} twice."
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
            name = name_of(status) if isinstance(status, dict) else None
            if not isinstance(name, str) or not name:
                name = hashlib.sha256(
                    repr(status).encode(errors="backslashreplace")
                ).hexdigest()
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


def _is_in(window: Window, status: Any) -> bool:
    created = created_at(status)
    return created is not None and created in window
