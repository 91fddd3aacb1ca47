"""An answer of Reddit before asyncprawcore makes anything of it: how long it may be, and what JSON is."""

from http import HTTPStatus
from typing import Any

from aiohttp import ClientResponse

from chorus.domain.errors import SourceChanged
from chorus.sources.body import MOST_BYTES, parse

TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - an address, not a secret


class RedditsAnswer(ClientResponse):
    """One that ends where no page of Reddit would, and says it where it is none of Reddit's, whatever its header says."""

    async def read(self) -> bytes:
        if self._body is None:
            body = bytearray()
            async for chunk in self.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    self.close()
                    raise SourceChanged(
                        f"{self.url.path}: Reddit answers with more than {MOST_BYTES >> 20} MiB."
                    )
            self._body = bytes(body)
        return await super().read()

    async def json(self, **how: Any) -> Any:
        """asyncprawcore takes what comes for JSON, and a token for one."""
        if self.status != HTTPStatus.OK:
            return await super().json(**how)
        said = parse(self.url.path, await self.read())
        if self.url.path.endswith(TOKEN_PATH) and not _is_token(said):
            raise SourceChanged(f"{self.url.path}: Reddit lets us in without a token.")
        return said


def _is_token(said: Any) -> bool:
    if not isinstance(said, dict) or "error" in said:
        return isinstance(said, dict)
    lasts = said.get("expires_in")
    return (
        isinstance(said.get("access_token"), str)
        and isinstance(said.get("scope"), str)
        and isinstance(lasts, int)
    )
