"""Through a timeline: from cursor to cursor, computed where ids tell the time and taken from links elsewhere.

Timelines are in order of arrival, not of creation, so a walk reads past both edges of its window.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Protocol

from chorus.domain.events import storable
from chorus.domain.window import Window
from chorus.sources.http import Answer
from chorus.sources.links import LONGEST_LINK
from chorus.sources.mastodon_events import created_at, name_of

# Clocks differ, and a server takes a moment to publish what is its own: so much beyond both edges is read as well.
MARGIN = timedelta(minutes=5)
# So many requests beyond the pages of its own posts a window may cost.
SPARE_REQUESTS = 2
# So much longer than any post was seen to take may the next one take.
OVER_THE_SLOWEST = 1.25
# What of a cursor is for ourselves, not for the server.
OURS = {"spare", "slowest"}
# Where ids tell no time: a page of posts in a row, all so much older than the window, are where it ends.
WELL_BEFORE = timedelta(minutes=15)
# A window that is read as it ends catches up with what was created so long before it: nine tries of a delivery.
CATCH_UP = timedelta(hours=3)
AS_IT_ENDS = timedelta(hours=1)

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
    """On Mastodon itself: the ids of the window's time, newest first; then what lies elsewhere because it came late.

    A post that is delivered late has an id of its arrival: it lies above the window. Read long after, a window is
    followed upwards for as long as posts there are seen to take (at most `late`), and in any case as far as two
    requests beyond its own pages reach. A post that is fetched late has an id of its creation: it lies where it
    belongs, but came after that was read. So a window that is read as it ends spends the two requests downwards,
    on the hours before it. And what was created before the window and arrived in it comes along always: windows
    side by side miss nothing.

    `late_ones` is how a timeline is asked for the posts that can be late: only other servers' are. None: none can.
    """

    window: Window
    limit: int
    late: timedelta = CATCH_UP
    late_ones: Mapping[str, str] | None = field(default_factory=dict)
    _pages: int = 0
    _found: int = 0
    _slowest: timedelta = timedelta(0)
    _catches_up: bool = False

    def start(self) -> Cursor:
        return self._place(max_id=snowflake(self.window.until + MARGIN))

    def query(self, cursor: Cursor) -> Cursor:
        return {name: value for name, value in cursor.items() if name not in OURS}

    def go_on(self, cursor: Cursor, answer: Answer) -> Cursor | None:
        self._slowest = max(self._slowest, timedelta(seconds=int(cursor.get("slowest", 0))))
        self._catches_up = answer.observed_at <= self.window.until + MARGIN
        before = self._pages_of_its_own
        self._look_at(answer.body)
        ids = [int(post["id"]) for post in answer.body if _has_snowflake(post)]
        is_short = len(answer.body) < self.limit
        if "spare" in cursor:
            earned = self._pages_of_its_own - before
            spare = 0 if is_short else int(cursor["spare"]) - 1 + earned
            return self._beyond(cursor, ids, spare)
        # Timelines link to a next page until one is empty, accounts until one is short; a proxy may drop the link.
        is_last = not ids or (is_short and answer.next_page is None)
        if not is_last and min(ids) > snowflake(self.window.since - MARGIN):
            return self._place(max_id=min(ids))
        spare = self._pages_of_its_own + SPARE_REQUESTS - self._pages
        if self.late_ones is None:
            return None
        if self._catches_up:
            return None if is_last else self._down_from(min(ids), spare)
        return self._up_from(snowflake(self.window.until + MARGIN) - 1, spare)

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        if created is None:
            return True  # a dead letter, where a person sees it
        if created >= self.window.since:
            return created in self.window
        arrived = told_by(str(status.get("id")))
        is_caught_up = self._catches_up and created >= self.window.since - CATCH_UP
        return is_caught_up or (arrived is not None and arrived in self.window)

    def _beyond(self, cursor: Cursor, ids: list[int], spare: int) -> Cursor | None:
        if "min_id" in cursor:
            is_higher = max(ids, default=0) > int(cursor["min_id"])
            return self._up_from(max(ids), spare) if is_higher else None
        return self._down_from(min(ids), spare) if ids else None

    def _up_from(self, newest_seen: int, spare: int) -> Cursor | None:
        is_over = newest_seen >= snowflake(self.window.until + self._so_late) - 1
        if spare <= 0 and is_over:
            return None
        return self._place(min_id=newest_seen, spare=spare, **(self.late_ones or {}))

    def _down_from(self, oldest_seen: int, spare: int) -> Cursor | None:
        if spare <= 0 or oldest_seen <= snowflake(self.window.since - CATCH_UP):
            return None
        return self._place(max_id=oldest_seen, spare=spare, **(self.late_ones or {}))

    def _place(self, **where: str | int) -> Cursor:
        slowest = int(self._slowest.total_seconds())
        place = {"limit": self.limit, "slowest": slowest, **where}
        return {name: str(value) for name, value in place.items()}

    def _look_at(self, statuses: Iterable[Any]) -> None:
        self._pages += 1
        for status in statuses:
            created = created_at(status)
            self._found += created is not None and created in self.window
            arrived = told_by(str(status["id"])) if _has_snowflake(status) else None
            if created is not None and arrived is not None and arrived - created <= self.late:
                self._slowest = max(self._slowest, arrived - created)

    @property
    def _so_late(self) -> timedelta:
        """How long after its end something of the window may arrive: what comes within the margin tells nothing."""
        is_late = self._slowest > MARGIN
        return min(self._slowest * OVER_THE_SLOWEST, self.late) if is_late else MARGIN

    @property
    def _pages_of_its_own(self) -> int:
        return ceil(self._found / self.limit)


@dataclass
class ByLink:
    """Elsewhere: from the newest page along the links, until a page's worth of posts lies well before the window.

    That passes everything that arrived late, so a window read long after is exact. One that is read as it ends takes
    along what it passes of the hours before, whose windows were read before that arrived.

    A few servers link to nothing at all; there the next page is what lies below a page that is full.
    """

    window: Window
    limit: int
    _before_it: int = 0
    _catches_up: bool = False
    _links: bool = False

    def start(self) -> Cursor:
        return {"limit": str(self.limit)}

    def query(self, cursor: Cursor) -> Cursor:
        return cursor

    def go_on(self, cursor: Cursor, answer: Answer) -> Cursor | None:
        self._catches_up = answer.observed_at < self.window.until + AS_IT_ENDS
        next_page = self._next_page(cursor, answer)
        if not answer.body or next_page is None:
            return None
        for moment in filter(None, map(created_at, answer.body)):
            is_before = moment < self.window.since - WELL_BEFORE
            self._before_it = self._before_it + 1 if is_before else 0
        if self._before_it >= self.limit:
            return None
        return {"limit": str(self.limit), **next_page}

    def _next_page(self, cursor: Cursor, answer: Answer) -> Cursor | None:
        self._links = self._links or answer.next_page is not None
        if self._links or len(answer.body) < self.limit:
            return answer.next_page
        last = answer.body[-1]
        name = name_of(last) if isinstance(last, dict) else None
        if not isinstance(name, str) or not 0 < len(name) < LONGEST_LINK or not storable(name):
            return None
        # One that does not know max_id either gives the same page again.
        return {"max_id": name} if name != cursor.get("max_id") else None

    def holds(self, status: Any) -> bool:
        created = created_at(status)
        since = self.window.since - (CATCH_UP if self._catches_up else timedelta(0))
        return created is None or since <= created < self.window.until


def _has_snowflake(status: Any) -> bool:
    return isinstance(status, dict) and told_by(str(status.get("id", ""))) is not None
