"""The demo network in one process: two instances, the hub that catches webhooks, and the mailbox."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from aiohttp import web

from chorus.demo.addresses import Addresses
from chorus.demo.life.instances import MASTODON, ULID
from chorus.demo.life.moments import Clock, wall_clock
from chorus.demo.life.world import POSTS_PER_HOUR, SEED, World
from chorus.demo.payloads.mastodon import MastodonPayloads
from chorus.demo.payloads.reddit import RedditPayloads
from chorus.demo.payloads.ulid import UlidPayloads
from chorus.demo.ports import HOST, Ports, listen, port_of
from chorus.demo.servers import hub
from chorus.demo.servers.caught import Caught
from chorus.demo.servers.discord import DiscordServer
from chorus.demo.servers.mailbox import Mailbox
from chorus.demo.servers.mastodon import MastodonServer
from chorus.demo.servers.reddit import RedditServer
from chorus.demo.servers.ulid import UlidServer

_CAUGHT_FILE = "demo-caught.jsonl"
_TOP_HASHTAGS = 12
# Reddit is a part of the hub's server; busy enough to be seen, quiet enough for a short first run.
_REDDIT = "/reddit"
_SUBREDDITS = ("science", "gardening")
_LAST_WORDS = 2.0


class DemoNetwork:
    """`clock` is the time that its life is read at; what it caught is timed by the wall clock."""

    def __init__(
        self,
        *,
        world: World,
        limits: bool = True,
        clock: Clock = wall_clock,
        ports: Ports | None = None,
        state_dir: Path | None = None,
    ) -> None:
        self.world = world
        self.caught = Caught(state_dir / _CAUGHT_FILE if state_dir else None)
        self._limits = limits
        self._clock = clock
        self._ports = ports or Ports.any_free()
        self._runners: list[web.AppRunner] = []
        self._mail: asyncio.Server | None = None

    async def start(self) -> Addresses:
        wanted = (self._ports.mastodon, self._ports.ulid, self._ports.hub, self._ports.mail)
        sockets = dict(zip((MASTODON, ULID, "hub", "mail"), map(listen, wanted), strict=True))
        urls = {name: f"http://{HOST}:{port_of(s)}" for name, s in sockets.items()}
        instances = {name: urls[name] for name in (MASTODON, ULID)}
        discord = DiscordServer(self.world.seed, self.caught, limits=self._limits)
        mailbox = Mailbox(self.caught)
        loop = asyncio.get_running_loop()
        self._mail = await loop.create_server(mailbox.protocol, sock=sockets["mail"])
        apps = {
            MASTODON: self._mastodon(instances),
            ULID: self._ulid(instances),
            "hub": web.Application(),
        }
        mail = f"{HOST}:{port_of(sockets['mail'])}"
        reddit_url = urls["hub"] + _REDDIT
        apps["hub"].add_subapp(_REDDIT, self._reddit(reddit_url))
        shown = instances | {f"r/{name}": f"{reddit_url}/r/{name}/" for name in _SUBREDDITS}
        apps["hub"].add_routes([*discord.routes(), *hub.routes(self.caught, shown, mail)])
        for name, app in apps.items():
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_WORDS)
            await runner.setup()
            self._runners.append(runner)
            await web.SockSite(runner, sockets[name]).start()
        return Addresses(
            pid=os.getpid(),
            instances=instances,
            reddit_url=reddit_url,
            subreddits=_SUBREDDITS,
            hub_url=urls["hub"] + "/",
            caught_url=urls["hub"] + "/caught.json",
            discord_webhook_url=urls["hub"] + discord.webhook_path,
            revoked_discord_webhook_url=urls["hub"] + discord.revoked_path,
            smtp_host=HOST,
            smtp_port=port_of(sockets["mail"]),
            hashtags=tuple(h.name for h in self.world.hashtags[:_TOP_HASHTAGS]),
        )

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        if self._mail is not None:
            self._mail.close()

    def _mastodon(self, addresses: dict[str, str]) -> web.Application:
        payloads = MastodonPayloads(self.world, self.world.timelines[MASTODON], addresses)
        return MastodonServer(payloads, self._clock, limits=self._limits).app()

    def _ulid(self, addresses: dict[str, str]) -> web.Application:
        payloads = UlidPayloads(self.world, self.world.timelines[ULID], addresses)
        return UlidServer(payloads, self._clock, limits=self._limits).app()

    def _reddit(self, base_url: str) -> web.Application:
        payloads = RedditPayloads(self.world, base_url)
        return RedditServer(payloads, self._clock, limits=self._limits).app()


@dataclass(frozen=True, slots=True)
class RunningNetwork:
    """What `demo_network` gives: where it runs, what lives in it, what it caught."""

    addresses: Addresses
    world: World
    caught: Caught

    @property
    def mastodon_url(self) -> str:
        return self.addresses.instances[MASTODON]

    @property
    def ulid_url(self) -> str:
        return self.addresses.instances[ULID]

    @property
    def hub_url(self) -> str:
        return self.addresses.hub_url

    @property
    def discord_webhook_url(self) -> str:
        return self.addresses.discord_webhook_url


@contextmanager
def demo_network(
    *,
    clock: Clock = wall_clock,
    limits: bool = True,
    seed: int = SEED,
    posts_per_hour: float = POSTS_PER_HOUR,
    ports: Ports | None = None,
    state_dir: Path | None = None,
    world: World | None = None,
) -> Iterator[RunningNetwork]:
    """Run the network in a thread of this process, for tests and benchmarks; give `world` to share its memory."""
    world = world or World(seed, posts_per_hour=posts_per_hour)
    network = DemoNetwork(
        world=world, limits=limits, clock=clock, ports=ports, state_dir=state_dir
    )
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="demo-network", daemon=True)
    thread.start()
    try:
        addresses = asyncio.run_coroutine_threadsafe(network.start(), loop).result()
        yield RunningNetwork(addresses, world, network.caught)
    finally:
        asyncio.run_coroutine_threadsafe(network.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
