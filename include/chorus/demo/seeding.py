"""`chorus demo seed`: a week of the demo network as files, byte for byte the same each time."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from chorus.demo.life.instances import MASTODON, SERVED
from chorus.demo.life.moments import DAY, HOUR, milliseconds
from chorus.demo.life.posts import Post
from chorus.demo.life.world import World
from chorus.demo.payloads.mastodon import MastodonPayloads
from chorus.domain.errors import ConfigurationError

# The data set is always this week's, read when all has settled.
BEGINNING = milliseconds(datetime(2026, 1, 5, tzinfo=UTC))
READ_AT = BEGINNING + 30 * DAY
_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class Seeded:
    accounts: Path
    statuses: Path
    hashtags: Path


def seed(out: Path, *, users: int, posts: int, hashtags: int, seed: int) -> Seeded:
    """Exactly so many of each: every user wrote something, every hashtag is used."""
    if not (0 < users <= posts and hashtags > 0):
        message = f"{posts} posts cannot be by {users} users about {hashtags} hashtags; give each at least one."
        raise ConfigurationError(message)
    world = World(seed, posts_per_hour=posts / _HOURS, users=users, hashtags=hashtags)
    chosen = list(islice(_statuses(world), posts))
    _let_everybody_speak(world, chosen)
    _use_every_hashtag(world, chosen)
    payloads = MastodonPayloads(world, world.timelines[MASTODON])
    timeline = world.timelines[MASTODON]
    used = Counter(index for post in chosen for index in post.hashtags_at(READ_AT))
    out.mkdir(parents=True, exist_ok=True)
    return Seeded(
        accounts=_write(
            out / "accounts.jsonl", (payloads.account(a, READ_AT) for a in world.accounts)
        ),
        statuses=_write(
            out / "statuses.jsonl",
            (payloads.status(p, READ_AT) for p in sorted(chosen, key=timeline.position)),
        ),
        hashtags=_write(
            out / "hashtags.jsonl",
            (
                {"name": payloads.tag_name(h.shown), "posts": used[h.index]}
                for h in world.hashtags
            ),
        ),
    )


def _statuses(world: World) -> Iterator[Post]:
    """Whole conversations in the order in which they began, without boosts and what was deleted."""
    for hour in count(BEGINNING // HOUR):
        for post in world.conversations.begun_in(hour):
            if MASTODON in post.arrivals and post.boosted is None and not post.is_gone(READ_AT):
                yield post


def _let_everybody_speak(world: World, posts: list[Post]) -> None:
    """Whoever wrote nothing takes over a post of somebody who wrote several."""
    wrote = Counter(post.author.index for post in posts)
    silent = [account for account in world.accounts if account.index not in wrote]
    spare = iter(posts)
    for account in silent:
        post = next(p for p in spare if wrote[p.author.index] > 1)
        wrote[post.author.index] -= 1
        post.author = account
        if account.home in SERVED:
            post.arrivals[account.home] = post.created


def _use_every_hashtag(world: World, posts: list[Post]) -> None:
    """What nobody mentioned is added to one post each, round and round."""
    used = {index for post in posts for index in post.hashtags_at(READ_AT)}
    unused = [hashtag.index for hashtag in world.hashtags if hashtag.index not in used]
    for place, index in enumerate(unused):
        post = posts[place % len(posts)]
        post.hashtags = (*post.hashtags, index)
        post.edited_hashtags = post.edited_hashtags and (*post.edited_hashtags, index)


def _write(file: Path, rows: Iterable[dict[str, Any]]) -> Path:
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return file
