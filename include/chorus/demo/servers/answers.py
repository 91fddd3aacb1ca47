"""How the servers say things: JSON with the letters left as they are, errors as Mastodon words them."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def answer(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def refuse(status: int, error: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return answer({"error": error}, status, headers)


def asked(request: web.Request, flag: str) -> bool:
    """Rails' idea of a true parameter."""
    return request.query.get(flag, "").lower() in ("1", "t", "true", "on")
