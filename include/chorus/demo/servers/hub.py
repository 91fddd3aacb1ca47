"""The page a person opens first: what this network is, where its servers are, what it caught."""

from collections.abc import Mapping

from aiohttp import web

from chorus.demo.servers.answers import answer
from chorus.demo.servers.caught import Caught
from chorus.demo.servers.pages import render, style


def routes(caught: Caught, instances: Mapping[str, str], mailbox: str) -> list[web.RouteDef]:
    async def page(_: web.Request) -> web.Response:
        return render(
            "hub.html",
            instances=instances.items(),
            mailbox=mailbox,
            messages=caught.messages,
            refused=caught.refused,
            mails=caught.mails,
        )

    async def as_json(_: web.Request) -> web.Response:
        return answer(caught.as_json())

    return [web.get("/", page), web.get("/caught.json", as_json), web.get("/style.css", style)]
