"""No server is trusted to end: a cursor that comes back, pages without anything new, or too many of them are an error."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chorus.domain.errors import SourceChanged
from chorus.sources.mastodon_events import name_of
from chorus.sources.mastodon_walk import Cursor

MOST_PAGES = 10_000
MOST_STALE_PAGES = 3


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
