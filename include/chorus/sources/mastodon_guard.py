"""No server is trusted to end: a cursor that comes back and pages without anything new are an error, and so is a walk too long.

What a walk has cost travels with its cursor, so that a server which never ends gains nothing by being read in parts. What
is remembered of it is bounded, too: pages that lie far apart may hold the same post, which bronze knows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from time import monotonic
from typing import Any

from chorus.domain.errors import SourceChanged, SourceEndless
from chorus.domain.pace import let_others_in
from chorus.sources.mastodon_events import name_of
from chorus.sources.mastodon_walk import Cursor

# In all, its waits for a turn included; as many pages come in half of that where a server answers once a second.
MOST_PAGES = 10_000
MOST_TIME = timedelta(hours=6)
MOST_STALE_PAGES = 3
MOST_REMEMBERED = 100_000
# What of a cursor is ours; no server's parameter has a space in it.
PAGES, SECONDS = "pages read", "seconds read"


@dataclass
class Guard:
    """Ends a walk that a server would never end."""

    timeline: str
    pages: int = 0
    stale: int = 0
    cursors: set[bytes] = field(default_factory=set)
    posts: set[bytes] = field(default_factory=set)
    _began: float = field(init=False)
    _before: float = 0.0

    def __post_init__(self) -> None:
        self._began = monotonic()

    def take_up(self, cursor: Cursor) -> Cursor:
        """What the walk knows of a cursor that `hand_on` gave; what it has cost by then counts."""
        self.pages = int(cursor.get(PAGES, 0))
        self._before = float(cursor.get(SECONDS, 0))
        return {name: value for name, value in cursor.items() if name not in {PAGES, SECONDS}}

    def hand_on(self, cursor: Cursor | None) -> Cursor | None:
        """For whoever takes up the walk there."""
        if cursor is None:
            return None
        spent = self._before + self._seconds
        return {**cursor, PAGES: str(self.pages), SECONDS: f"{spent:.1f}"}

    def enter(self, cursor: Cursor) -> None:
        key = repr(sorted(cursor.items()))
        if _digest(key) in self.cursors:
            raise SourceChanged(
                f"{self.timeline} goes in circles: it gave the cursor {key[:200]} twice."
            )
        self._has_room()
        self.cursors.add(_digest(key))
        self.pages += 1

    def unseen(self, statuses: Iterable[Any]) -> Iterator[Any]:
        """Those that no page before held: an overlapping page gives nothing twice."""
        fresh = 0
        if len(self.posts) > MOST_REMEMBERED:
            self.posts.clear()
        for status in statuses:
            name: Any = name_of(status) if isinstance(status, dict) else None
            is_named = isinstance(name, str) and name
            known_by = _digest(name if is_named else f"\0{status!r}")
            if known_by not in self.posts:
                self.posts.add(known_by)
                fresh += 1
                yield status
        self.stale = 0 if fresh else self.stale + 1
        if self.stale >= MOST_STALE_PAGES:
            raise SourceChanged(
                f"{self.timeline} gave {self.stale} pages in a row without a post that is new."
            )

    def _has_room(self) -> None:
        if self.pages >= MOST_PAGES:
            self._does_not_end(f"{MOST_PAGES:,} pages")
        if self._before + self._seconds >= MOST_TIME.total_seconds():
            self._does_not_end(f"{MOST_TIME.total_seconds() / 3600:g} hours")
        if self.cursors:
            let_others_in(self.timeline, self._seconds)

    def _does_not_end(self, within: str) -> None:
        raise SourceEndless(
            f"{self.timeline} did not end within {within}: read a shorter window, or leave it out."
        )

    @property
    def _seconds(self) -> float:
        return monotonic() - self._began


def _digest(text: str) -> bytes:
    return blake2b(text.encode(errors="backslashreplace"), digest_size=16).digest()
