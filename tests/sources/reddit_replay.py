"""Recorded sessions of Reddit, answered once more on loopback, for an unmodified asyncpraw to read."""

import asyncio
import base64
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

TOKEN = {"access_token": "token", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
OF_THE_TRANSPORT = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "set-cookie"}
)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Recorded(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Replay:
    """What was recorded for a method, path and query; else for the method and path alone."""

    def __init__(
        self, cassettes: Iterable[Path], answers: Mapping[str, Answer], token: Answer | None
    ) -> None:
        self._exact: dict[Any, list[Recorded]] = defaultdict(list)
        self._loose: dict[Any, list[Recorded]] = defaultdict(list)
        self._answers = answers
        self._token = token
        self.asked: list[str] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        for cassette in cassettes:
            for interaction in json.loads(cassette.read_text())["interactions"]:
                self._remember(interaction)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/api/v1/access_token"):
            return await self._token(request) if self._token else web.json_response(TOKEN)
        self.asked.append(f"{request.method} {request.path_qs}")
        if made_up := self._answers.get(request.path.rstrip("/")):
            return await made_up(request)
        exact, loose = _keys(request.method, str(request.rel_url))
        recorded = _next(self._exact[exact]) or _next(self._loose[loose])
        if recorded is None:
            return web.json_response({"message": "Not Found", "error": 404}, status=404)
        return web.Response(
            status=recorded.status, headers=recorded.headers, body=recorded.body
        )

    def _remember(self, interaction: dict[str, Any]) -> None:
        asked, response = interaction["request"], interaction["response"]
        exact, loose = _keys(asked["method"], asked.get("uri") or asked["url"])
        status = response["status"]
        headers = {
            name: value[0] if isinstance(value, list) else value
            for name, value in response["headers"].items()
            if name.lower() not in OF_THE_TRANSPORT
        }
        code = status["code"] if isinstance(status, dict) else status
        recorded = Recorded(code, headers, _body(response["body"]))
        self._exact[exact].append(recorded)
        self._loose[loose].append(recorded)


@contextmanager
def replay(
    *cassettes: Path, answers: Mapping[str, Answer] | None = None, token: Answer | None = None
) -> Iterator[tuple[str, Replay]]:
    """The base URL of the server, and what it was asked; `answers` are made up, by path."""
    recorded = Replay(cassettes, answers or {}, token)
    loop = recorded.loop = asyncio.new_event_loop()
    app = web.Application(client_max_size=2**28)
    app.router.add_route("*", "/{path:.*}", recorded.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result()
        yield f"http://127.0.0.1:{port}", recorded
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _keys(method: str, address: str) -> tuple[Any, Any]:
    parts = urlsplit(address)
    loose = (method, parts.path.rstrip("/") or "/")
    return (*loose, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))), loose


def _next(recorded: list[Recorded]) -> Recorded | None:
    """One after the other; the last one again and again."""
    return (recorded.pop(0) if len(recorded) > 1 else recorded[0]) if recorded else None


def _body(body: Any) -> bytes:
    body = body.get("string", body) if isinstance(body, dict) else body
    if isinstance(body, dict):
        return base64.b64decode(body["base64_string"])
    return body.encode() if isinstance(body, str) else bytes(body)
