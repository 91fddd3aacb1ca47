"""ulid.demo: a smaller server like GoToSocial: ULIDs, Link headers, a 429 that does not say when."""

from typing import ClassVar

from aiohttp import web

from chorus.demo.servers.answers import answer
from chorus.demo.servers.instance import InstanceServer

VERSION = "0.20.2+git-demo"


class UlidServer(InstanceServer):
    """It knows no batched look-up, and goes on linking until a page is empty."""

    ends_the_walk_early: ClassVar[bool] = False
    says_when_to_come_back: ClassVar[bool] = False
    statuses_path: ClassVar[str] = "/@{acct}/statuses/{id}"

    async def instance_v1(self, _: web.Request) -> web.Response:
        return answer(self._about() | {"uri": self.payloads.instance, "urls": {}})

    async def instance_v2(self, _: web.Request) -> web.Response:
        return answer(
            self._about()
            | {
                "domain": self.payloads.instance,
                "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
                "usage": {"users": {}},
            }
        )

    def _about(self) -> dict[str, object]:
        return {
            "account_domain": self.payloads.instance,
            "title": "Chorus demo, small server",
            "description": "A pretended network",
            "version": VERSION,
            "languages": [],
            "rules": [],
        }
