"""Reddit: subreddits (new, hot, top, rising, their newest comments, searches) with whole comment trees, through asyncpraw.

API: https://www.reddit.com/dev/api and https://asyncpraw.readthedocs.io
Limits: 100 requests a minute for each registered app, named in the x-ratelimit headers; a listing ends at 1,000.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.second_looks import Known
from chorus.domain.window import Window
from chorus.sources.http import Gate
from chorus.sources.page import Page
from chorus.sources.reddit_again import SecondLook
from chorus.sources.reddit_client import Client, Credentials
from chorus.sources.reddit_events import reread
from chorus.sources.reddit_reading import Reading
from chorus.sources.reddit_shape import as_status
from chorus.sources.reddit_target import Subreddit
from chorus.sources.side_by_side import taken_from_a_loop

__all__ = ["TARGET", "as_status", "open_reader", "reread", "what_is_missing"]

TARGET = Subreddit


def what_is_missing(settings: Settings, target: Subreddit) -> str | None:
    """The sentence that says why this target cannot be read yet."""
    if target.base_url or (settings.reddit_client_id and settings.reddit_client_secret):
        return None
    return (
        f"{target} is not read: Reddit wants REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET, "
        "which https://www.reddit.com/prefs/apps gives for an app of the type script."
    )


@dataclass
class Reader:
    """Reads one subreddit; `counts` says how many requests that took and what could not be had."""

    target: Subreddit
    gate: Gate
    credentials: Credentials
    timeout: float
    counts: Counter[str] = field(default_factory=Counter)

    def read(self, window: Window) -> Iterator[Page]:
        def pages(client: Client) -> AsyncGenerator[Page]:
            return Reading(client, self.target, window, self.counts).pages()

        yield from taken_from_a_loop(self._signed_in(pages))

    def look_again(self, posts: Sequence[Known]) -> Iterator[Page]:
        def pages(client: Client) -> AsyncGenerator[Page]:
            return SecondLook(client, self.target.instance, self.counts).pages(posts)

        yield from taken_from_a_loop(self._signed_in(pages))

    async def _signed_in(
        self, reading: Callable[[Client], AsyncGenerator[Page]]
    ) -> AsyncGenerator[Page]:
        where = self.target.base_url
        async with (
            Client(where, self.gate, self.credentials, self.timeout) as client,
            aclosing(reading(client)) as pages,
        ):
            async for page in pages:
                self.counts["requests"] = client.requests
                yield page


@contextmanager
def open_reader(settings: Settings, target: Subreddit, gate: Gate) -> Iterator[Reader]:
    yield Reader(target, gate, _credentials(settings, target), settings.api_timeout)


def _credentials(settings: Settings, target: Subreddit) -> Credentials:
    """Ours are for Reddit alone: what only speaks like Reddit does not get to see them."""
    if target.base_url:
        return Credentials("chorus", "chorus")
    if (missing := what_is_missing(settings, target)) is not None:
        raise ConfigurationError(missing)
    secret: Any = settings.reddit_client_secret
    return Credentials(str(settings.reddit_client_id), secret.get_secret_value())
