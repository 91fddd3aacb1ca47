"""What one server has, in the order of its ids, hour by hour."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from chorus.demo.life.conversations import LONGEST, Conversations
from chorus.demo.life.federation import placed_at
from chorus.demo.life.ids import Ids, Position
from chorus.demo.life.moments import BIRTH, HOUR
from chorus.demo.life.posts import Post

# Hours looked through for one page: who was silent for three months has said it all.
_PATIENCE = 90 * 24
# A conversation's last words may arrive on a server up to an hour after they were written.
_SHAPED_BY = LONGEST // HOUR + 1


class Sighting(NamedTuple):
    """A post as one server has it."""

    position: Position
    post: Post


@dataclass(frozen=True, slots=True)
class PlacedHour:
    everything: list[Sighting]
    by_hashtag: dict[int, list[Sighting]] = field(default_factory=dict)
    by_author: dict[int, list[Sighting]] = field(default_factory=dict)
    by_position: dict[Position, Post] = field(default_factory=dict)


# Picks one hour's candidates: everything, one hashtag's, one account's; in order of their ids.
Choice = Callable[[PlacedHour], Sequence[Sighting]]


class Timeline:
    """One server's posts, walked in either direction without ever holding more than some hours."""

    def __init__(
        self, instance: str, ids: Ids, conversations: Conversations, *, remembered: int
    ) -> None:
        self.instance = instance
        self.ids = ids
        self._conversations = conversations
        self.hour = lru_cache(maxsize=remembered)(self._placed_in)

    def position(self, post: Post) -> Position:
        return self.ids.position(placed_at(post, self.instance), post.salt)

    def id_of(self, post: Post) -> str:
        return self.ids.write(self.position(post))

    def find(self, post_id: str, now: int) -> Post | None:
        position = self.ids.read(post_id)
        if position is None or not BIRTH <= position[0] <= now:
            return None
        post = self.hour(position[0] // HOUR).by_position.get(position)
        return None if post is None or not self.has(post, now) else post

    def has(self, post: Post, now: int) -> bool:
        """Whether it is there: what is fetched late is put among what was there before it."""
        return post.arrivals[self.instance] <= now and not post.is_gone(now)

    def newest_first(
        self, choose: Choice, above: Position, below: Position
    ) -> Iterator[Sighting]:
        """What lies strictly between two positions."""
        start = below[0] // HOUR
        end = max(above[0] // HOUR, BIRTH // HOUR, start - _PATIENCE)
        for hour in range(start, end - 1, -1):
            yield from reversed(_between(choose(self.hour(hour)), above, below))

    def oldest_first(
        self, choose: Choice, above: Position, below: Position
    ) -> Iterator[Sighting]:
        start = max(above[0], BIRTH) // HOUR
        end = min(below[0] // HOUR, start + _PATIENCE)
        for hour in range(start, end + 1):
            yield from _between(choose(self.hour(hour)), above, below)

    def _placed_in(self, hour: int) -> PlacedHour:
        # Two posts of one millisecond and one noise would share an id: the later begun is left out.
        sightings: dict[Position, Post] = {}
        for begun in range(hour - _SHAPED_BY, hour + 1):
            for post in self._conversations.begun_in(begun):
                is_here = self.instance in post.arrivals
                if is_here and placed_at(post, self.instance) // HOUR == hour:
                    sightings.setdefault(self.position(post), post)
        placed = PlacedHour(
            [Sighting(*pair) for pair in sorted(sightings.items(), key=_position)]
        )
        placed.by_position.update(sightings)
        for sighting in placed.everything:
            post = sighting.post
            placed.by_author.setdefault(post.author.index, []).append(sighting)
            for hashtag in {*post.hashtags, *(post.edited_hashtags or ())}:
                placed.by_hashtag.setdefault(hashtag, []).append(sighting)
        return placed


def _position(item: tuple[Position, Post]) -> Position:
    return item[0]


def _between(
    sightings: Sequence[Sighting], above: Position, below: Position
) -> Sequence[Sighting]:
    start = bisect_right(sightings, above, key=_where)
    return sightings[start : bisect_left(sightings, below, key=_where)]


def _where(sighting: Sighting) -> Position:
    return sighting.position
