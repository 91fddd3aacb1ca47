"""max_id, since_id, min_id and limit, to the letter of Mastodon's own pagination."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Self

from aiohttp import web

from chorus.demo.life.ids import Ids, Position
from chorus.demo.life.moments import BIRTH
from chorus.demo.life.posts import Post
from chorus.demo.life.timeline import Choice, Timeline

DEFAULT, MOST = 20, 40
_CURSORS = ("max_id", "since_id", "min_id")


class BadCursor(ValueError):
    """An id that is not of this server's kind."""


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    max_id: Position | None
    since_id: Position | None
    min_id: Position | None

    @classmethod
    def asked_by(cls, request: web.Request, ids: Ids) -> Self:
        positions: dict[str, Position | None] = dict.fromkeys(_CURSORS)
        for cursor in _CURSORS:
            text = request.query.get(cursor)
            if text:
                positions[cursor] = ids.read(text)
                if positions[cursor] is None:
                    raise BadCursor(f"{cursor} {text!r} is no id of this server.")
        try:
            limit = min(abs(int(request.query.get("limit", DEFAULT))), MOST)
        except ValueError:
            limit = DEFAULT
        return cls(limit, **positions)

    def of(
        self, timeline: Timeline, choose: Choice, visible: Callable[[Post], bool], now: int
    ) -> list[Post]:
        """Newest first. `min_id` begins right above an id and goes up; all else comes down."""
        end = (now + 1, 0)
        below = min(self.max_id or end, end)
        above = self.min_id or self.since_id or (BIRTH, -1)
        walk = timeline.oldest_first if self.min_id else timeline.newest_first
        seen = (s.post for s in walk(choose, above, below) if visible(s.post))
        page = list(islice(seen, self.limit))
        return page[::-1] if self.min_id else page


def links(
    request: web.Request, first_id: str, last_id: str, *, ends: bool = False
) -> dict[str, str]:
    """The Link header of a page that is not empty: on to older posts, back to newer ones."""
    kept = {k: v for k, v in request.query.items() if k not in _CURSORS}
    older = request.url.with_query({**kept, "max_id": last_id})
    newer = request.url.with_query({**kept, "min_id": first_id})
    pages = [] if ends else [f'<{older}>; rel="next"']
    return {"Link": ", ".join([*pages, f'<{newer}>; rel="prev"'])}
