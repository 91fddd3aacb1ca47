"""A limit in time for a whole exchange: sockets know only the time between two bytes.

A server that drips a byte a second satisfies every read timeout. So a timer shuts the connection's socket when the
time is up, whatever the exchange is waiting for: the header, the body, or the next byte of it.
"""

import socket
import threading
from contextlib import suppress
from typing import Any, ClassVar, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_open_exchange = threading.local()


class Deadline:
    """`with Deadline(30) as deadline:` one exchange; `deadline.passed` says whether we ended it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _open_exchange.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _open_exchange.deadline = None

    def watch(self, connected: socket.socket) -> None:
        self._sockets.append(connected)

    def _end(self) -> None:
        self.passed = True
        for watched in self._sockets:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)


class _Watched:
    """A connection that shows its socket to the exchange it is used for."""

    sock: socket.socket | None

    def request(self, *args: Any, **kwargs: Any) -> None:
        deadline: Deadline | None = getattr(_open_exchange, "deadline", None)
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        if deadline is not None and self.sock is not None:
            deadline.watch(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]


class _WatchedHttp(_Watched, HTTPConnection):
    """http://"""


class _WatchedHttps(_Watched, HTTPSConnection):
    """https://"""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


class DeadlineAdapter(HTTPAdapter):
    """Connections of a session that a Deadline can end."""

    pools: ClassVar[dict[str, type]] = {"http": _HttpPool, "https": _HttpsPool}

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools
