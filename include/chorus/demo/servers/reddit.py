"""reddit.demo: as much of Reddit's API as an unmodified asyncpraw asks for. Every hashtag of ASCII letters is a subreddit."""

from collections.abc import Iterator
from itertools import islice

from aiohttp import web

from chorus.demo.life.conversations import LONGEST
from chorus.demo.life.moments import DAY, HOUR, MINUTE, SECOND, Clock, milliseconds
from chorus.demo.life.posts import Post
from chorus.demo.payloads.attachments import Json
from chorus.demo.payloads.reddit import (
    INSTANCE,
    RedditPayloads,
    comments,
    created_in,
    id_of,
    listing,
)
from chorus.demo.servers.answers import answer
from chorus.demo.servers.limits import Handler
from chorus.demo.servers.pages import render

REQUESTS, PERIOD = 1000, 10 * MINUTE
LISTINGS_END, MOST_A_PAGE = 1_000, 100
# How far back a listing looks at most, and what a period of "top" means.
PATIENCE = 7 * DAY
PERIODS = {"hour": HOUR, "day": DAY, "week": PATIENCE}

_NEWEST = 25


class RedditServer:
    def __init__(self, payloads: RedditPayloads, clock: Clock, *, limits: bool) -> None:
        self.payloads = payloads
        self.world = payloads.world
        self._clock = clock
        self._limits = limits
        self._window, self._used = 0, 0
        self._subreddits = {
            h.name: h.index
            for h in self.world.hashtags
            if h.name.isascii() and h.name.isalnum()
        }

    def app(self) -> web.Application:
        # Without limits it names none: readers would keep to a budget that nobody holds them to.
        app = web.Application(middlewares=[self._limited] if self._limits else [])
        app.add_routes(
            [
                web.post("/api/v1/access_token", self.token),
                web.get("/r/{subreddit}/{kind:new|hot|rising|top|search}", self.listing),
                web.get("/r/{subreddit}/comments", self.newest_comments),
                web.get("/comments/{id}/", self.tree),
                web.get("/comments/{id}/_/{comment}", self.tree),
                web.post("/api/morechildren/", self.more),
                web.get("/api/info/", self.info),
                web.get("/r/{subreddit}/", self.front_page),
                web.get("/r/{subreddit}/comments/{id}/_/", self.page),
                web.get("/r/{subreddit}/comments/{id}/_/{comment}/", self.page),
            ]
        )
        return app

    def now(self) -> int:
        return milliseconds(self._clock())

    async def token(self, _: web.Request) -> web.Response:
        return answer(
            {"access_token": "demo", "token_type": "bearer", "expires_in": 86_400, "scope": "*"}
        )

    async def listing(self, request: web.Request) -> web.Response:
        """New and search from the newest on; the others by score, within their period."""
        topic = self._subreddits.get(request.match_info["subreddit"].lower())
        if topic is None:
            return _refuse(404, "Not Found")
        now, kind = self.now(), request.match_info["kind"]
        reach = PERIODS.get(request.query.get("t", "day"), PATIENCE)
        roots = self._roots(topic, now, PATIENCE if kind in {"new", "search"} else reach)
        posts = list(islice(roots, LISTINGS_END if kind != "new" else _reach(request)))
        if kind not in {"new", "search"}:
            posts.sort(key=lambda post: (-post.favourites, post.salt))
        things: list[Json] = [
            {"kind": "t3", "data": self.payloads.submission(post, now)}
            for post in _page(request, posts, "t3")
        ]
        if kind == "search":
            words = request.query.get("q", "").lower().split()
            things = [t for t in things if all(w in t["data"]["title"].lower() for w in words)]
        return answer(listing(things, _after(request, posts, "t3")))

    async def newest_comments(self, request: web.Request) -> web.Response:
        topic = self._subreddits.get(request.match_info["subreddit"].lower())
        if topic is None:
            return _refuse(404, "Not Found")
        now = self.now()
        said = [
            (post, root)
            for root in self._roots(topic, now, 2 * DAY)
            for post in comments(root, now)
        ]
        root_of = dict(sorted(said, key=lambda pair: -pair[0].created)[:LISTINGS_END])
        things: list[Json] = [
            {"kind": "t1", "data": self.payloads.comment(root_of[post], post, now)}
            for post in _page(request, list(root_of), "t1")
        ]
        return answer(listing(things, _after(request, list(root_of), "t1")))

    async def tree(self, request: web.Request) -> web.Response:
        now = self.now()
        root = self._root(request.match_info["id"])
        if root is None:
            return _refuse(404, "Not Found")
        things = listing([{"kind": "t3", "data": self.payloads.submission(root, now)}])
        if "comment" not in request.match_info:
            return answer([things, self.payloads.tree(root, root, now)])
        top = self._comment(root, request.match_info["comment"], now)
        if top is None:
            return answer([things, listing([])])
        below = self.payloads.tree(root, top, now)
        one = {"kind": "t1", "data": self.payloads.comment(root, top, now, below)}
        return answer([things, listing([one])])

    async def more(self, request: web.Request) -> web.Response:
        asked = await request.post()
        root = self._root(str(asked.get("link_id", "")).removeprefix("t3_"))
        ids = str(asked.get("children", "")).split(",")
        things = [] if root is None else self.payloads.unfolded(root, ids, self.now())
        return answer({"json": {"errors": [], "data": {"things": things}}})

    async def info(self, request: web.Request) -> web.Response:
        """Submissions and comments by their names; what is no name of anything is left out."""
        now = self.now()
        names = request.query.get("id", "").split(",")[:MOST_A_PAGE]
        return answer(listing([thing for name in names for thing in self._named(name, now)]))

    async def front_page(self, request: web.Request) -> web.Response:
        name = request.match_info["subreddit"].lower()
        if name not in self._subreddits:
            return render("gone.html", code=404, instance=INSTANCE)
        now = self.now()
        newest = islice(self._roots(self._subreddits[name], now, PATIENCE), _NEWEST)
        submissions = [self.payloads.submission(root, now) for root in newest]
        return render("subreddit.html", name=name, submissions=submissions)

    async def page(self, request: web.Request) -> web.Response:
        now = self.now()
        root = self._root(request.match_info["id"])
        if root is None or root.is_gone(now):
            return render("gone.html", code=404, instance=INSTANCE)
        post = self._comment(root, request.match_info.get("comment", ""), now) or root
        return render("thread.html", payloads=self.payloads, root=root, post=post, now=now)

    def _roots(self, topic: int, now: int, reach: int) -> Iterator[Post]:
        """The newest first; what was deleted is in no listing."""
        for hour in range(now // HOUR, (now - reach) // HOUR - 1, -1):
            begun = self.world.conversations.begun_in(hour)
            roots = [p for p in begun if _is_root(p, topic) and now - reach <= p.created <= now]
            for post in sorted(roots, key=lambda post: -post.created):
                if not post.is_gone(now):
                    yield post

    def _root(self, post_id: str) -> Post | None:
        created = created_in(post_id)
        if created is None or created > self.now():
            return None
        begun = self.world.conversations.begun_in(created // HOUR)
        return next((p for p in begun if _is_root(p) and id_of(p) == post_id), None)

    def _named(self, name: str, now: int) -> Iterator[Json]:
        kind, _, post_id = name.partition("_")
        if kind == "t3" and (root := self._root(post_id)) is not None:
            yield {"kind": kind, "data": self.payloads.submission(root, now)}
        created = created_in(post_id) if kind == "t1" else None
        if created is None or created > now:
            return
        # Its thread began not long before it.
        for hour in range((created - LONGEST) // HOUR, created // HOUR + 1):
            for post in self.world.conversations.begun_in(hour):
                if post.parent and post.created == created and id_of(post) == post_id:
                    data = self.payloads.comment(post.conversation[0], post, now)
                    yield {"kind": kind, "data": data}

    def _comment(self, root: Post, post_id: str, now: int) -> Post | None:
        return next((post for post in comments(root, now) if id_of(post) == post_id), None)

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        now = self.now()
        if now // PERIOD != self._window:
            self._window, self._used = now // PERIOD, 0
        self._used += 1
        reset = ((self._window + 1) * PERIOD - now) // SECOND
        headers = {
            "x-ratelimit-used": str(self._used),
            "x-ratelimit-remaining": f"{max(0, REQUESTS - self._used):.1f}",
            "x-ratelimit-reset": str(reset),
        }
        if self._used > REQUESTS:
            response: web.StreamResponse = _refuse(429, "Too Many Requests")
        else:
            response = await handler(request)
        response.headers.update(headers)
        return response


def _is_root(post: Post, topic: int | None = None) -> bool:
    return post.parent is None and post.boosted is None and topic in (None, post.topic)


def _page(request: web.Request, posts: list[Post], kind: str) -> list[Post]:
    start = _start(request, posts, kind)
    return posts[start : start + _limit(request)]


def _after(request: web.Request, posts: list[Post], kind: str) -> str | None:
    end = _start(request, posts, kind) + _limit(request)
    return f"{kind}_{id_of(posts[end - 1])}" if end < len(posts) else None


def _start(request: web.Request, posts: list[Post], kind: str) -> int:
    after = request.query.get("after")
    names = [f"{kind}_{id_of(post)}" for post in posts] if after else []
    return names.index(after) + 1 if after in names else 0


def _reach(request: web.Request) -> int:
    """As far down as a client that counts its pages has come, this page, and one more."""
    count = request.query.get("count", "0")
    return min((int(count) if count.isdigit() else 0) + _limit(request) + 1, LISTINGS_END)


def _limit(request: web.Request) -> int:
    wanted = request.query.get("limit", "25")
    return min(int(wanted), MOST_A_PAGE) if wanted.isdigit() else MOST_A_PAGE


def _refuse(status: int, message: str) -> web.Response:
    return answer({"message": message, "error": status}, status)
