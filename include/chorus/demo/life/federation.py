"""Which servers hear of a post, and when, and where their timelines put it.

What is delivered comes within minutes and is put where it arrives: timelines are in order of arrival, not of creation.
What a server fetches later, as a reply or a boost leads there, gets an id of its creation (Mastodon::Snowflake.id_at)
and is found among the posts of that time, hours after they were read.
"""

from random import Random

from chorus.demo.life.instances import ELSEWHERE, MASTODON, SERVED, ULID
from chorus.demo.life.moments import HOUR, MINUTE, SECOND
from chorus.demo.life.posts import Post

_FETCHED = 0.15
_LATEST = 3 * HOUR
LONGEST_DELIVERY = 5 * MINUTE
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
    roll: Random, post: Post, reached: frozenset[str], *, may_be_fetched: bool = False
) -> None:
    """At once where it was written, later elsewhere, never before what it answers or boosts."""
    earlier = post.parent or post.boosted
    for instance in SERVED:
        if instance not in reached:
            continue
        moment = post.created
        if instance != post.author.home:
            is_fetched = may_be_fetched and roll.random() < _FETCHED
            delay = (
                roll.randrange(_LATEST)
                if is_fetched
                else min(LONGEST_DELIVERY, roll.expovariate(1 / 20) * SECOND)
            )
            moment += 1 + int(delay)
        if earlier is not None:
            moment = max(moment, earlier.arrivals[instance] + SECOND)
        post.arrivals[instance] = moment


def placed_at(post: Post, instance: str) -> int:
    """The moment that its id on that server tells."""
    heard = post.arrivals[instance]
    return heard if heard - post.created <= LONGEST_DELIVERY else post.created
