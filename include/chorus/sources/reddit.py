"""Reddit: subreddits (new, hot, top, rising, their newest comments, searches) with whole comment trees, through asyncpraw.

API: https://www.reddit.com/dev/api and https://asyncpraw.readthedocs.io
Limits: 100 requests a minute for each registered app, named in the x-ratelimit headers; a listing ends at 1,000.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.second_looks import Known
from chorus.domain.window import Window
from chorus.sources.http import Gate
from chorus.sources.page import Page, Told
from chorus.sources.reddit_again import SecondLook
from chorus.sources.reddit_client import Client, Credentials
from chorus.sources.reddit_events import reread
from chorus.sources.reddit_reading import Reading
from chorus.sources.reddit_rules import rules
from chorus.sources.reddit_shape import as_status
from chorus.sources.reddit_target import Subreddit
from chorus.sources.side_by_side import taken_from_a_loop

__all__ = [
    "AT_ONCE",
    "CREDENTIALS",
    "TARGET",
    "as_status",
    "open_reader",
    "reread",
    "rules",
    "what_is_missing",
]

TARGET = Subreddit
CREDENTIALS = ("client_id", "client_secret")
# So many subreddits are read in one event loop; each holds a page and the few answers that are on their way.
AT_ONCE = 4


def what_is_missing(settings: Settings, target: Subreddit) -> str | None:
    """The sentence that says why this target cannot be read yet."""
    if target.base_url or len(settings.credentials("reddit", CREDENTIALS)) == len(CREDENTIALS):
        return None
    return (
        "Reddit is not read: it wants REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET (or the Airflow connection "
        "chorus_reddit), which https://www.reddit.com/prefs/apps gives for an app of the type script."
    )


@dataclass
class Reader:
    """Reads one subreddit; `counts` says how many requests that took and what could not be had."""

    target: Subreddit
    gate: Gate
    credentials: Credentials
    timeout: float
    counts: Mapping[str, int] = field(default_factory=dict)

    def read(self, window: Window, after: Mapping[str, str] | None = None) -> Iterator[Page]:
        return self._taken(self.pages(window, after))

    def look_again(self, posts: Sequence[Known]) -> Iterator[Page]:
        def pages(client: Client, counts: Counter[str]) -> AsyncGenerator[Page]:
            return SecondLook(client, self.target.instance, counts).pages(posts)

        return self._taken(self._signed_in(pages))

    def pages(
        self, window: Window, after: Mapping[str, str] | None = None
    ) -> AsyncGenerator[Told]:
        """The same as `read`, for an event loop in which several subreddits are read."""

        def pages(client: Client, counts: Counter[str]) -> AsyncGenerator[Page]:
            return Reading(client, self.target, window, counts).pages(after)

        return self._signed_in(pages)

    def _taken(self, told: AsyncGenerator[Told]) -> Iterator[Page]:
        for page, self.counts in taken_from_a_loop(told):
            if page is not None:
                yield page

    async def _signed_in(
        self, reading: Callable[[Client, Counter[str]], AsyncGenerator[Page]]
    ) -> AsyncGenerator[Told]:
        counts: Counter[str] = Counter()
        where = self.target.base_url
        async with (
            Client(where, self.gate, self.credentials, self.timeout) as client,
            aclosing(reading(client, counts)) as pages,
        ):
            async for page in pages:
                yield page, {**counts, "requests": client.requests}
            yield None, {**counts, "requests": client.requests}


@contextmanager
def open_reader(settings: Settings, target: Subreddit, gate: Gate) -> Iterator[Reader]:
    yield Reader(target, gate, _credentials(settings, target), settings.api_timeout)


def _credentials(settings: Settings, target: Subreddit) -> Credentials:
    """Ours are for Reddit alone: what only speaks like Reddit does not get to see them."""
    if target.base_url:
        return Credentials("chorus", "chorus")
    if (missing := what_is_missing(settings, target)) is not None:
        raise ConfigurationError(missing)
    return Credentials(**settings.credentials("reddit", CREDENTIALS))
