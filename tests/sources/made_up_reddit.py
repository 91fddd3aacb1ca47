"""Subreddits of any length, for `replay(answers=...)`: each submission has four comments, two of them folded."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from chorus.warehouse.connection import Connection

AT = 1_768_000_000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class MadeUp:
    """`sizes` says how many submissions each subreddit has; `instead` answers for some paths."""

    def __init__(
        self, sizes: Mapping[str, int], instead: Mapping[str, Answer] | None = None
    ) -> None:
        self.sizes, self.instead = sizes, instead or {}

    def get(self, path: str) -> Answer | None:
        if path in self.instead:
            return self.instead[path]
        if path == "/api/morechildren":
            return self.unfolded
        if found := re.fullmatch(r"/r/(\w+)/new", path):
            return lambda request: self.newest(request, found[1])
        if found := re.fullmatch(r"/comments/(\w+)", path):
            return lambda request: self.tree(request, found[1])
        return None

    async def newest(self, request: web.Request, subreddit: str) -> web.StreamResponse:
        after = request.query.get("after", "")
        start = int(after.rpartition("x")[2]) + 1 if after else 0
        end = min(start + int(request.query["limit"]), self.sizes[subreddit])
        things = [submission(f"{subreddit}x{number}") for number in range(start, end)]
        more = end < self.sizes[subreddit]
        return web.json_response(listing(things, f"t3_{subreddit}x{end - 1}" if more else None))

    async def tree(self, _: web.Request, name: str) -> web.StreamResponse:
        folded = {"kind": "more", "data": {"count": 2, "parent_id": f"t3_{name}"}}
        folded["data"]["children"] = [f"{name}c2", f"{name}c3"]
        shown = [comment(name, 0), comment(name, 1)]
        return web.json_response([listing([submission(name)]), listing([*shown, folded])])

    async def unfolded(self, request: web.Request) -> web.StreamResponse:
        asked = await request.post()
        name = str(asked["link_id"]).removeprefix("t3_")
        things = [comment(name, int(one[-1])) for one in str(asked["children"]).split(",")]
        return web.json_response({"json": {"data": {"things": things}}})


def submission(name: str) -> dict[str, Any]:
    data = thing("t3", name, name) | {"title": f"Title {name}", "num_comments": 4}
    return {"kind": "t3", "data": data}


def comment(name: str, number: int) -> dict[str, Any]:
    data = thing("t1", f"{name}c{number}", name) | {
        "link_id": f"t3_{name}",
        "parent_id": f"t3_{name}",
        "body": f"Comment {number}",
        "replies": "",
    }
    return {"kind": "t1", "data": data}


def thing(kind: str, name: str, of: str) -> dict[str, Any]:
    subreddit, _, number = of.partition("x")
    return {
        "id": name,
        "name": f"{kind}_{name}",
        "subreddit": subreddit,
        "author": "ana",
        "created_utc": AT - int(number),
        "score": 1,
        "edited": False,
    }


def listing(things: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": after, "children": things}}


def everything_in(sizes: Mapping[str, int]) -> set[str]:
    """The name of each submission and comment."""
    submissions = [f"{one}x{number}" for one, size in sizes.items() for number in range(size)]
    comments = [f"t1_{name}c{number}" for name in submissions for number in range(4)]
    return {*comments, *(f"t3_{name}" for name in submissions)}


def kept_in(connection: Connection) -> set[str]:
    """The name of each submission and comment that bronze holds, each of them once."""
    rows = connection.execute(
        "select post_id from bronze.raw_events where event_type <> 'account'"
    ).fetchall()
    connection.commit()
    names = {str(name) for (name,) in rows}
    assert len(names) == len(rows)
    return names
