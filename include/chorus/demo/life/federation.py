"""Which servers hear of a post, and when: their timelines are in order of arrival, not of creation."""

from random import Random

from chorus.demo.life.instances import ELSEWHERE, MASTODON, SERVED, ULID
from chorus.demo.life.moments import HOUR, MINUTE, SECOND
from chorus.demo.life.posts import Post

_LATE = 0.15
_LATEST = 3 * HOUR
_REACHES = {
    MASTODON: {ULID: 0.2},
    ULID: {MASTODON: 0.6},
    ELSEWHERE: {MASTODON: 0.9, ULID: 0.15},
}


def audience(roll: Random, home: str) -> frozenset[str]:
    """The served instances that see a conversation begun on `home`."""
    reached = {
        instance for instance, chance in _REACHES[home].items() if roll.random() < chance
    }
    if home in SERVED:
        reached.add(home)
    return frozenset(reached or {MASTODON})


def arrive(
    roll: Random, post: Post, reached: frozenset[str], *, may_be_late: bool = False
) -> None:
    """At once where it was written, later elsewhere, never before what it answers or boosts."""
    earlier = post.parent or post.boosted
    for instance in SERVED:
        if instance not in reached:
            continue
        moment = post.created
        if instance != post.author.home:
            late = may_be_late and roll.random() < _LATE
            delay = (
                roll.randrange(_LATEST)
                if late
                else min(5 * MINUTE, roll.expovariate(1 / 20) * SECOND)
            )
            moment += 1 + int(delay)
        if earlier is not None:
            moment = max(moment, earlier.arrivals[instance] + SECOND)
        post.arrivals[instance] = moment
