"""A Discord that only knows webhooks: validates as Discord does, slows down as Discord does."""

import json
from math import ceil
from time import monotonic
from typing import Any

from aiohttp import web

from chorus.demo.life.chance import mix
from chorus.demo.servers.answers import answer
from chorus.demo.servers.caught import Caught
from chorus.demo.servers.discord_rules import complaints, invalid_form, is_empty

CALLS, SECONDS = 5, 2.0


class DiscordServer:
    """One live webhook; another that was revoked."""

    def __init__(self, seed: int, caught: Caught, *, limits: bool) -> None:
        self._caught = caught
        self._limits = limits
        self._webhook_id = str(mix(seed, 10) >> 3)
        self._token = f"demo-{mix(seed, 11):016x}{mix(seed, 12):016x}"
        self.webhook_path = f"/api/webhooks/{self._webhook_id}/{self._token}"
        self.revoked_path = f"/api/webhooks/{mix(seed, 13) >> 3}/{self._token}"
        self._bucket_opened, self._bucket_used = 0.0, 0
        self._sent = 0

    def routes(self) -> list[web.RouteDef]:
        webhook = "/webhooks/{id}/{token}"
        return [
            *(
                web.post(f"/api{version}{webhook}", self.execute)
                for version in ("", "/v{v:\\d+}")
            ),
            *(
                web.get(f"/api{version}{webhook}", self.describe)
                for version in ("", "/v{v:\\d+}")
            ),
        ]

    async def describe(self, request: web.Request) -> web.Response:
        return self._stranger(request) or answer(
            {"id": self._webhook_id, "type": 1, "name": "Chorus", "token": self._token}
        )

    async def execute(self, request: web.Request) -> web.Response:
        refused = self._stranger(request) or self._too_fast()
        if refused is not None:
            return refused
        try:
            message = await _message(request)
        except ValueError:
            return self._refuse(
                400, {"message": "The request body contains invalid JSON.", "code": 50109}
            )
        found = complaints(message)
        if found:
            return self._refuse(400, invalid_form(found))
        if is_empty(message):
            return self._refuse(400, {"message": "Cannot send an empty message", "code": 50006})
        self._caught.message(message)
        if request.query.get("wait") != "true":
            return web.Response(status=204, headers=self._budget())
        self._sent += 1
        posted = {"id": str(int(self._webhook_id) + self._sent), "webhook_id": self._webhook_id}
        return answer({**message, **posted, "type": 0}, headers=self._budget())

    def _stranger(self, request: web.Request) -> web.Response | None:
        if request.match_info["id"] != self._webhook_id:
            return self._refuse(404, {"message": "Unknown Webhook", "code": 10015})
        if request.match_info["token"] != self._token:
            return self._refuse(401, {"message": "Invalid Webhook Token", "code": 50027})
        return None

    def _too_fast(self) -> web.Response | None:
        if not self._limits:
            return None
        now = monotonic()
        if now - self._bucket_opened >= SECONDS:
            self._bucket_opened, self._bucket_used = now, 0
        self._bucket_used += 1
        if self._bucket_used <= CALLS:
            return None
        wait = round(self._bucket_opened + SECONDS - now, 3)
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
        headers = self._budget() | {"Retry-After": str(ceil(wait)), "X-RateLimit-Scope": "user"}
        return self._refuse(429, body, headers)

    def _budget(self) -> dict[str, str]:
        left = max(0, CALLS - self._bucket_used)
        after = max(0.0, self._bucket_opened + SECONDS - monotonic())
        return {
            "X-RateLimit-Limit": str(CALLS),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": "demo",
        }

    def _refuse(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> web.Response:
        self._caught.refusal(status, body)
        return answer(body, status, headers)


async def _message(request: web.Request) -> dict[str, Any]:
    """JSON, or the `payload_json` of a form with files."""
    if request.content_type.startswith(("multipart/", "application/x-www-form-urlencoded")):
        form = await request.post()
        text = str(form.get("payload_json") or json.dumps({"content": form.get("content")}))
    else:
        text = await request.text()
    message = json.loads(text)
    if not isinstance(message, dict):
        raise ValueError("A message is an object.")  # noqa: TRY004 - as unreadable as no JSON at all
    return message
