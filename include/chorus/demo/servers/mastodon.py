"""mastodon.demo: Mastodon itself, snowflakes, a 429 that says when to come back."""

from aiohttp import web

from chorus.demo.servers.answers import answer, refuse
from chorus.demo.servers.instance import InstanceServer

VERSION = "4.5.2"
_MOST_IN_A_BATCH = 20


class MastodonServer(InstanceServer):
    def routes(self) -> list[web.RouteDef]:
        return [*super().routes(), web.get("/api/v1/statuses", self.batch)]

    async def batch(self, request: web.Request) -> web.Response:
        """Those that are there, in no promised order; what is gone is simply missing."""
        wanted = dict.fromkeys(
            [*request.query.getall("id[]", []), *request.query.getall("id", [])]
        )
        if len(wanted) > _MOST_IN_A_BATCH:
            return refuse(422, "Validation failed: too many ids")
        now = self.now()
        found = (self.timeline.find(post_id, now) for post_id in wanted)
        return answer(self._statuses([post for post in found if post], now))

    async def instance_v1(self, _: web.Request) -> web.Response:
        return answer(
            {
                "uri": self.payloads.instance,
                "title": "Chorus demo",
                "short_description": "A pretended network",
                "description": "",
                "email": "",
                "version": VERSION,
                "urls": {},
                "stats": {"user_count": len(self.world.accounts), "domain_count": 3},
                "languages": ["en"],
                "registrations": False,
                "rules": [],
            }
        )

    async def instance_v2(self, _: web.Request) -> web.Response:
        return answer(
            {
                "domain": self.payloads.instance,
                "title": "Chorus demo",
                "version": VERSION,
                "source_url": "https://github.com/mastodon/mastodon",
                "description": "A pretended network",
                "usage": {"users": {"active_month": len(self.world.accounts)}},
                "languages": ["en"],
                "configuration": {
                    "statuses": {"max_characters": 500, "max_media_attachments": 4}
                },
                "registrations": {"enabled": False},
                "api_versions": {"mastodon": 7},
                "contact": {"email": "", "account": None},
                "rules": [],
            }
        )
