"""Submissions and comments of Reddit, asked for by their names, a hundred at a time: scores, edits, removals."""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chorus.domain.errors import SourceChanged
from chorus.domain.second_looks import Known
from chorus.sources.page import Page
from chorus.sources.reddit_client import Client
from chorus.sources.reddit_events import events_of
from chorus.sources.reddit_tree import listed

BATCH = 100
KINDS = {"t3": "submission", "t1": "comment"}


@dataclass
class SecondLook:
    """What was deleted or removed comes without its words.

    What an answer leaves out may as well be hidden from us (a subreddit that went private), so that is no deletion:
    `counts` says how many were untold.
    """

    client: Client
    instance: str
    counts: Counter[str] = field(default_factory=Counter)

    async def pages(self, posts: Sequence[Known]) -> AsyncGenerator[Page]:
        for start in range(0, len(posts), BATCH):
            names = [post.post_id for post in posts[start : start + BATCH]]
            place = f"{self.instance}/api/info"
            answer = await self.client.get("api/info/", place, id=",".join(names))
            things = listed(answer.body)
            looks = [
                look
                for prefix, kind in KINDS.items()
                for look in events_of(
                    kind, _of_kind(things, prefix, place), self.instance, answer.observed_at
                )
            ]
            self.counts["untold"] += len(names) - len(things)
            yield Page.of(looks)


def _of_kind(things: list[Any], prefix: str, place: str) -> list[dict[str, Any]]:
    chosen = []
    for thing in things:
        if not isinstance(thing, dict) or not isinstance(thing.get("data"), dict):
            raise SourceChanged(f"{place}: among the things is {str(thing)[:60]!r}.")
        if thing.get("kind") == prefix:
            chosen.append(
                {name: thing["data"][name] for name in thing["data"] if name != "replies"}
            )
    return chosen
