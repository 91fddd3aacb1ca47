"""What every Mastodon-compatible server answers: timelines, statuses, accounts, threads."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from aiohttp import web

from chorus.demo.life.accounts import Account
from chorus.demo.life.moments import Clock, milliseconds
from chorus.demo.life.posts import Post
from chorus.demo.life.timeline import Choice, PlacedHour, Sighting
from chorus.demo.payloads.attachments import Json, has_media
from chorus.demo.payloads.mastodon import MastodonPayloads
from chorus.demo.servers.answers import answer, asked, refuse
from chorus.demo.servers.limits import Handler, RateLimit
from chorus.demo.servers.pages import render, style
from chorus.demo.servers.paging import BadCursor, Page, links

ANCESTORS, DESCENDANTS = 40, 60
_NEWEST = 10


class InstanceServer(ABC):
    """Subclasses say which software this is and what it does differently."""

    ends_the_walk_early: ClassVar[bool] = True
    says_when_to_come_back: ClassVar[bool] = True
    statuses_path: ClassVar[str] = "/@{acct}/{id}"

    def __init__(self, payloads: MastodonPayloads, clock: Clock, *, limits: bool) -> None:
        self.payloads = payloads
        self.timeline = payloads.timeline
        self.world = payloads.world
        self._clock = clock
        self._limits = limits
        self._hashtags = {payloads.tag_name(h.shown): h.index for h in self.world.hashtags}
        self._accounts = {payloads.account_id(a): a for a in self.world.accounts}
        self._by_acct = {a.acct(payloads.instance): a for a in self.world.accounts}

    def app(self) -> web.Application:
        limit = RateLimit(self._clock, says_when=self.says_when_to_come_back)
        middlewares = [limit.middleware()] if self._limits else []
        app = web.Application(middlewares=[*middlewares, _explained])
        app.add_routes([*self.routes(), web.get("/style.css", style)])
        return app

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.front_page),
            web.get(self.statuses_path, self.post_page),
            web.get("/api/v1/instance", self.instance_v1),
            web.get("/api/v2/instance", self.instance_v2),
            web.get("/api/v1/timelines/tag/{tag}", self.tag_timeline),
            web.get("/api/v1/timelines/public", self.public_timeline),
            web.get("/api/v1/accounts/lookup", self.lookup),
            web.get("/api/v1/accounts/{id}", self.account),
            web.get("/api/v1/accounts/{id}/statuses", self.account_statuses),
            web.get("/api/v1/statuses/{id}", self.status),
            web.get("/api/v1/statuses/{id}/context", self.context),
        ]

    def now(self) -> int:
        return milliseconds(self._clock())

    @abstractmethod
    async def instance_v1(self, request: web.Request) -> web.Response: ...

    @abstractmethod
    async def instance_v2(self, request: web.Request) -> web.Response: ...

    async def tag_timeline(self, request: web.Request) -> web.Response:
        hashtag = self._hashtags.get(self.payloads.tag_name(request.match_info["tag"]))
        if hashtag is None:
            return answer([])
        now = self.now()

        def tagged(hour: PlacedHour) -> list[Sighting]:
            return hour.by_hashtag.get(hashtag, [])

        listed = self._listed(request, now)
        return self._page(
            request, tagged, lambda p: listed(p) and hashtag in p.hashtags_at(now)
        )

    async def public_timeline(self, request: web.Request) -> web.Response:
        listed = self._listed(request, self.now())
        return self._page(request, _everything, lambda p: listed(p) and not _is_reply(p))

    async def account_statuses(self, request: web.Request) -> web.Response:
        account = self._accounts.get(request.match_info["id"])
        if account is None:
            return refuse(404, "Record not found")
        index, now = account.index, self.now()
        no_replies, no_boosts, only_media = (
            asked(request, flag)
            for flag in ("exclude_replies", "exclude_reblogs", "only_media")
        )

        def shown(post: Post) -> bool:
            return not (
                not self.timeline.has(post, now)
                or (no_replies and _is_reply(post))
                or (no_boosts and post.boosted)
                or (only_media and (post.boosted or not has_media(post)))
            )

        return self._page(request, lambda hour: hour.by_author.get(index, []), shown, ends=True)

    async def lookup(self, request: web.Request) -> web.Response:
        acct = request.query.get("acct", "").removeprefix("@")
        account = self._by_acct.get(acct.removesuffix(f"@{self.payloads.instance}"))
        return self._account(account)

    async def account(self, request: web.Request) -> web.Response:
        return self._account(self._accounts.get(request.match_info["id"]))

    async def status(self, request: web.Request) -> web.Response:
        now = self.now()
        post = self.timeline.find(request.match_info["id"], now)
        return (
            answer(self.payloads.status(post, now)) if post else refuse(404, "Record not found")
        )

    async def context(self, request: web.Request) -> web.Response:
        now = self.now()
        post = self.timeline.find(request.match_info["id"], now)
        if post is None:
            return refuse(404, "Record not found")
        above: list[Post] = []
        parent = post.parent
        while parent is not None and not parent.is_gone(now):
            above.insert(0, parent)
            parent = parent.parent
        return answer(
            {
                "ancestors": self._statuses(above[-ANCESTORS:], now),
                "descendants": self._statuses(self._below(post, now)[:DESCENDANTS], now),
            }
        )

    async def front_page(self, _: web.Request) -> web.Response:
        now = self.now()
        page = Page(_NEWEST, None, None, None)
        posts = page.of(self.timeline, _everything, lambda p: self.timeline.has(p, now), now)
        statuses = self._statuses([p for p in posts if p.boosted is None], now)
        return render("instance.html", instance=self.payloads.instance, statuses=statuses)

    async def post_page(self, request: web.Request) -> web.Response:
        now = self.now()
        post = self.timeline.find(request.match_info["id"], now)
        if post is None:
            return render("gone.html", code=404, instance=self.payloads.instance)
        status = self.payloads.status(post, now)
        words = self.payloads.text(post, now).plain
        return render("post.html", instance=self.payloads.instance, status=status, words=words)

    def _page(
        self,
        request: web.Request,
        choose: Choice,
        visible: Callable[[Post], bool],
        *,
        ends: bool = False,
    ) -> web.Response:
        now = self.now()
        page = Page.asked_by(request, self.timeline.ids)
        posts = page.of(self.timeline, choose, visible, now)
        if not posts:
            return answer([])
        ids = (self.timeline.id_of(posts[0]), self.timeline.id_of(posts[-1]))
        ends = ends and self.ends_the_walk_early and len(posts) < page.limit
        return answer(self._statuses(posts, now), headers=links(request, *ids, ends=ends))

    def _statuses(self, posts: list[Post], now: int) -> list[Json]:
        return [self.payloads.status(post, now) for post in posts]

    def _account(self, account: Account | None) -> web.Response:
        if account is None:
            return refuse(404, "Record not found")
        return answer(self.payloads.account(account, self.now()))

    def _listed(self, request: web.Request, now: int) -> Callable[[Post], bool]:
        """Public timelines list what is public, here, and asked for."""
        local, remote, media = (asked(request, f) for f in ("local", "remote", "only_media"))
        here = self.payloads.instance

        def listed(post: Post) -> bool:
            return not (
                post.visibility != "public"
                or post.boosted
                or not self.timeline.has(post, now)
                or (local and post.author.home != here)
                or (remote and not local and post.author.home == here)
                or (media and not has_media(post))
            )

        return listed

    def _below(self, post: Post, now: int) -> list[Post]:
        """Depth first, as clients draw it; what hung below a deleted post is no longer found."""
        found = []
        for reply in post.replies():
            if self.timeline.has(reply, now):
                found += [reply, *self._below(reply, now)]
        return found


def _everything(hour: PlacedHour) -> list[Sighting]:
    return hour.everything


def _is_reply(post: Post) -> bool:
    """An answer to oneself still counts as a post of one's own."""
    return post.parent is not None and post.parent.author is not post.author


@web.middleware
async def _explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadCursor as error:
        return refuse(400, f"Bad Request: {error}")
    except web.HTTPNotFound:
        return refuse(404, f"Not Found: {request.method} {request.path}")
