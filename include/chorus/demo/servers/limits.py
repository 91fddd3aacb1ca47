"""So many requests in five minutes, as both kinds of servers count them; then 429."""

from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from chorus.demo.life.moments import MINUTE, SECOND, Clock, iso, milliseconds
from chorus.demo.servers.answers import refuse

REQUESTS = 300
PERIOD = 5 * MINUTE

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RateLimit:
    """Windows begin at full five minutes of the clock, like Mastodon's."""

    def __init__(self, clock: Clock, *, says_when: bool) -> None:
        self._clock = clock
        self._says_when = says_when
        self._window = 0
        self._used: Counter[str] = Counter()

    def middleware(self) -> Middleware:
        @web.middleware
        async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._let_in(request, handler)

        return limited

    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return await handler(request)
        now = milliseconds(self._clock())
        if now // PERIOD != self._window:
            self._window = now // PERIOD
            self._used.clear()
        address = request.remote or ""
        self._used[address] += 1
        left = REQUESTS - self._used[address]
        reset = (self._window + 1) * PERIOD
        headers = {
            "X-RateLimit-Limit": str(REQUESTS),
            "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset": iso(reset),
        }
        if left < 0:
            if self._says_when:
                headers["Retry-After"] = str(-((now - reset) // SECOND))
            return refuse(429, "Too many requests", headers)
        response = await handler(request)
        response.headers.update(headers)
        return response
