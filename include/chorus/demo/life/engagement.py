"""How often a post was answered, boosted and liked by a moment: it grows fast at first, then settles."""

from dataclasses import dataclass
from math import exp

from chorus.demo.life.moments import HOUR
from chorus.demo.life.posts import Post

# What another server hears of the boosts and likes of a post that was not written on it.
_HEARSAY = 0.4


@dataclass(frozen=True, slots=True)
class Counts:
    replies: int
    boosts: int
    favourites: int


def counts(post: Post, seen_from: str, now: int) -> Counts:
    def here(others: list[Post]) -> int:
        return sum(
            other.arrivals[seen_from] <= now and not other.is_gone(now) for other in others
        )

    share = settled(post, now) * (1 if post.author.home == seen_from else _HEARSAY)
    return Counts(
        replies=here(post.replies()),
        boosts=here(post.boosts()) + round(post.extra_boosts * share),
        favourites=round(post.favourites * share),
    )


def settled(post: Post, now: int) -> float:
    """From 0 when it is written towards 1; half of it within the first hours."""
    pace = (2 + post.salt % 8) * HOUR
    return 1 - exp(-max(0, now - post.created) / pace)
