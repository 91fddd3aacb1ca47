"""asyncpraw as we use it: read-only, pointed where the target says, paced by the gate all tasks share, with our errors.

Its requests and its sign-in are used, its objects are not: bronze keeps what Reddit said, and a forest of asyncpraw's
holds a whole thread in memory.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Self
from weakref import WeakKeyDictionary

from aiohttp import ClientResponse, ClientSession
from asyncpraw import Reddit
from asyncpraw.exceptions import RedditAPIException
from asyncprawcore import Requestor
from asyncprawcore.exceptions import AsyncPrawcoreException, ServerError
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception, stop_after_attempt

from chorus.domain.errors import SourceError, SourceUnavailable
from chorus.domain.pace import PATIENCE, UNNAMED_WAIT
from chorus.sources import waits
from chorus.sources.http import (
    ATTEMPTS,
    PASSING,
    Gate,
    nap,
    worth_another_try,
)
from chorus.sources.reddit_answer import TOKEN_PATH, RedditsAnswer
from chorus.sources.reddit_errors import named

log = logging.getLogger(__name__)

USER_AGENT = f"python:chorus:{version('chorus')} (social listening)"
# asyncprawcore spreads a budget over this many seconds; so wide that it leaves the pace to our gate, which tasks share.
NO_PACE_OF_ITS_OWN = 10**9
# Who was refused comes back so much later than those who only wait with it.
HANGS_BACK = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of a "script" or "web app" that somebody registered at https://www.reddit.com/prefs/apps."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and when."""

    body: Any
    observed_at: datetime


class Client:
    """One sign-in and one connection pool for everything that one process reads at a time."""

    def __init__(
        self, base_url: str | None, gate: Gate, credentials: Credentials, timeout: float
    ) -> None:
        self.requests = 0
        # One thread waits for our turns, in their order, without holding up the loop; another tells what was answered,
        # which an answer that is half read does not wait for behind them.
        self._turnstile = ThreadPoolExecutor(1, "reddit-turns")
        self._messenger = ThreadPoolExecutor(1, "reddit-answers")
        self._gate = gate
        self._reddit = Reddit(
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            user_agent=USER_AGENT,
            username=None,
            password=None,
            refresh_token=None,
            reddit_url=base_url or "https://www.reddit.com",
            # Paths are joined to it, so an address with a folder of its own needs its slash.
            oauth_url=f"{base_url or 'https://oauth.reddit.com'}/",
            window_size=NO_PACE_OF_ITS_OWN,
            check_for_updates=False,
            requestor_class=_Watched,
            requestor_kwargs={
                "watch": self._watch,
                "patience": timeout,
                "session": ClientSession(response_class=RedditsAnswer),
            },
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reddit.close()
        for threads in (self._turnstile, self._messenger):
            threads.shutdown(wait=False, cancel_futures=True)

    async def get(self, path: str, place: str, **params: str | int) -> Answer:
        return await self._patiently(place, method="GET", path=path, params=params)

    async def more_comments(self, place: str, data: Mapping[str, str]) -> Answer:
        async with _one_at_a_time():
            return await self._patiently(
                place, method="POST", path="api/morechildren/", data=dict(data)
            )

    async def _patiently(self, place: str, **request: Any) -> Answer:
        """Ask, again where that may help soon; the last error stands when it does not."""
        attempts = AsyncRetrying(
            retry=retry_if_exception(_not_tried_enough),
            stop=stop_after_attempt(ATTEMPTS),
            wait=nap,
            before_sleep=before_sleep_log(log, logging.WARNING),
            reraise=True,
        )
        return await attempts(self._ask, place, request)

    async def _ask(self, place: str, request: Mapping[str, Any]) -> Answer:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._turnstile, self._gate.wait_for_turn)
        try:
            body = await self._reddit.request(**request)
        except (AsyncPrawcoreException, RedditAPIException) as error:
            ours = named(error, place)
            if _is_everybodys(ours, error):
                await self._tell(self._gate.failed, ours)
            raise ours from error
        return Answer(body, datetime.now(UTC))

    async def _watch(self, response: ClientResponse) -> None:
        """What an answer's header tells everybody, whatever asyncpraw makes of the rest."""
        signs_in = response.url.path.endswith(TOKEN_PATH)
        self.requests += not signs_in
        now = datetime.now(UTC)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = waits.retry_after(response.headers, now)
            await self._tell(self._gate.slowed, wait)
            asks = f" and asks for {wait.total_seconds():.0f} s" if wait is not None else ""
            raise SourceUnavailable(
                f"{response.url.path}: Reddit answered 429{asks}.", _after_others(wait)
            )
        if signs_in:
            return
        if (
            response.status not in PASSING
            and response.status < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            await self._tell(self._gate.answered, budget(response.headers))

    async def _tell(self, listener: Callable[..., None], *told: Any) -> None:
        await asyncio.get_running_loop().run_in_executor(self._messenger, listener, *told)


_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_at_a_time() -> asyncio.Lock:
    """Reddit unfolds comments for one request at a time, whichever subreddit they are of."""
    return _locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def _after_others(wait: timedelta | None) -> timedelta:
    """When to come back: what one subreddit was refused for, all wait for, and they are to have their turn first."""
    wait = wait or UNNAMED_WAIT
    return wait if wait <= PATIENCE else wait + HANGS_BACK


def _is_everybodys(ours: SourceError, error: Exception) -> bool:
    """Whether all of Reddit seems to be down: a 500 says no more than that what we asked for breaks it."""
    if not isinstance(ours, SourceUnavailable) or ours.retry_after is not None:
        return False
    status = error.response.status if isinstance(error, ServerError) else None
    return status != HTTPStatus.INTERNAL_SERVER_ERROR


def _not_tried_enough(error: BaseException) -> bool:
    """asyncprawcore has tried a 5xx again already."""
    return worth_another_try(error) and not isinstance(error.__cause__, ServerError)


def budget(headers: Mapping[str, str]) -> waits.Budget | None:
    """Reddit names what is used and what is left; the limit is their sum."""
    try:
        remaining = float(headers["x-ratelimit-remaining"])
        limit = remaining + float(headers["x-ratelimit-used"])
        seconds = float(headers["x-ratelimit-reset"])
    except (KeyError, ValueError):
        return None
    if not (0 <= remaining <= limit <= waits.MOST_REQUESTS and seconds >= 0):
        return None
    resets_in = min(
        timedelta(seconds=min(seconds, waits.LONGEST.total_seconds())), waits.LONGEST
    )
    return waits.Budget(max(int(limit), 1), int(remaining), resets_in)


class _Watched(Requestor):
    """asyncprawcore's own, which lets us see every answer before anybody reads it."""

    def __init__(self, *args: Any, watch: Any, patience: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._patience = patience

    @asynccontextmanager
    async def request(self, *args: Any, **kwargs: Any) -> AsyncIterator[ClientResponse]:
        async with super().request(*args, **{**kwargs, "timeout": self._patience}) as response:
            await self._watch(response)
            yield response
