"""Posts of a Mastodon-compatible server, asked for by their ids: twenty at a time where the server has that."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from chorus.domain.errors import SourceChanged, SourceError, SourceGone, SourceUnavailable
from chorus.domain.events import RawEvent, Rejected
from chorus.domain.second_looks import Known, found_gone
from chorus.sources.http import Http
from chorus.sources.mastodon_events import SOURCE, events_of, name_of, statuses_in
from chorus.sources.page import Page

# What GET /api/v1/statuses calls their ids, by the name of the software; never more at a time.
IDS = {"mastodon": "id[]", "pleroma": "ids[]", "akkoma": "ids[]"}
BATCH = 20
# Mastodon has it since then.
FIRST_WITH_BATCHES = (4, 3)
VERSION = re.compile(r"mastodon (\d+)\.(\d+)")
# One post may be closed to us, or break its server; so many, and it is not the posts.
MOST_UNTOLD = 20


@dataclass
class SecondLook:
    """`counts` says how many posts were gone, and how many the server would not tell about."""

    http: Http
    instance: str
    software: str
    counts: Counter[str] = field(default_factory=Counter)
    _is_itself: bool = False

    def read(self, posts: Sequence[Known]) -> Iterator[Page]:
        called = what_ids_are_called(self.software)
        size = BATCH if called else 1
        for start in range(0, len(posts), size):
            yield from self._batch(posts[start : start + size], called)

    def _batch(self, posts: Sequence[Known], called: str | None) -> Iterator[Page]:
        """A batch leaves out what is gone, and what is hidden from us: each is asked for by itself."""
        there: set[str] = set()
        if called and len(posts) > 1:
            ids = [post.post_id for post in posts]
            answer = self.http.get("/api/v1/statuses", {called: ids})
            statuses = statuses_in(answer.body, self.instance)
            there = {str(name_of(said)) for said in statuses if isinstance(said, dict)}
            yield Page.of(
                look
                for said in statuses
                for look in events_of(said, self.instance, answer.observed_at)
            )
        for post in posts:
            if post.post_id not in there:
                yield Page.of(self._one(post))

    def _one(self, post: Known) -> list[RawEvent | Rejected]:
        try:
            answer = self.http.get(f"/api/v1/statuses/{quote(post.post_id, safe='')}")
        except SourceGone as error:
            self._make_sure_of_the_server()
            self.counts["gone"] += 1
            return [self._gone(post, error.http_status)]
        except SourceError as error:
            # One that its server breaks on must not stand before all others; a server that is down stops us itself.
            self.counts["untold"] += 1
            told_to_wait = isinstance(error, SourceUnavailable) and error.retry_after
            if told_to_wait or self.counts["untold"] >= MOST_UNTOLD:
                raise
            return []
        return list(events_of(answer.body, self.instance, answer.observed_at))

    def _gone(self, post: Known, http_status: int) -> RawEvent | Rejected:
        return found_gone(
            post,
            source=SOURCE,
            instance=self.instance,
            http_status=http_status,
            observed_at=datetime.now(UTC),
        )

    def _make_sure_of_the_server(self) -> None:
        """A parked domain says of every post that it is not there; only an instance's word is taken."""
        if self._is_itself:
            return
        said: object = None
        try:
            said = self.http.get("/api/v1/instance").body
        except SourceGone as error:
            raise SourceChanged(f"{self.instance} is no instance any more: {error}") from error
        if not isinstance(said, dict) or "version" not in said:
            raise SourceChanged(
                f"{self.instance} is no instance any more: it says so of itself."
            )
        self._is_itself = True


def what_ids_are_called(software: str) -> str | None:
    """Where a server is asked for several posts at once; None where it cannot be."""
    version = VERSION.match(software)
    if version and (int(version[1]), int(version[2])) < FIRST_WITH_BATCHES:
        return None
    return IDS.get(software.partition(" ")[0])
