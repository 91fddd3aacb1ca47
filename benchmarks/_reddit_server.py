"""Pretended subreddits of one long thread each, shown a little and unfolded a hundred comments at a time."""

import random
from typing import Any

from aiohttp import web

from chorus.stack.ports import LOOPBACK

SHOWN, UNFOLDED = 200, 100
AT = 1_767_225_600
WORDS = (
    "day",
    "thread",
    "nobody",
    "knew",
    "how",
    "long",
    "they",
    "would",
    "become",
    "in",
    "the",
    "end",
)


def serve(port: int, comments: int) -> None:
    """r/bench0, r/bench1 and so on, each of so many comments; whoever asks for folded ones gets some, and a fold of the rest."""
    app = web.Application(client_max_size=2**28)
    app.add_routes(
        [
            web.post("/api/v1/access_token", _token),
            web.get("/r/bench{number}/new", _new),
            web.get("/comments/{id}/", lambda request: _tree(request, comments)),
            web.post("/api/morechildren/", lambda request: _more(request, comments)),
        ]
    )
    web.run_app(app, host=LOOPBACK, port=port, print=None, access_log=None)


async def _token(_: web.Request) -> web.Response:
    return web.json_response(
        {"access_token": "x", "token_type": "bearer", "expires_in": 9999, "scope": "*"}
    )


async def _new(request: web.Request) -> web.Response:
    return web.json_response(_listing([_submission(int(request.match_info["number"]))]))


async def _tree(request: web.Request, comments: int) -> web.Response:
    number = int(request.match_info["id"].removeprefix("s"))
    shown = [_comment(number, place, comments) for place in range(min(SHOWN, comments))]
    # Flat: the first of them answer the submission.
    for thing in shown:
        thing["data"]["parent_id"] = f"t3_s{number}"
    things = [
        *shown,
        *_fold(number, [f"c{number}x{place}" for place in range(SHOWN, comments)]),
    ]
    return web.json_response([_listing([_submission(number)]), _listing(things)])


async def _more(request: web.Request, comments: int) -> web.Response:
    asked = await request.post()
    number = int(str(asked["link_id"]).removeprefix("t3_s"))
    ids = str(asked["children"]).split(",")
    given = [_comment(number, int(one.partition("x")[2]), comments) for one in ids[:UNFOLDED]]
    return web.json_response(
        {"json": {"errors": [], "data": {"things": [*given, *_fold(number, ids[UNFOLDED:])]}}}
    )


def _fold(number: int, ids: list[str]) -> list[dict[str, Any]]:
    data = {
        "id": "more",
        "name": "t1_more",
        "parent_id": f"t3_s{number}",
        "depth": 0,
        "count": len(ids),
        "children": ids,
    }
    return [{"kind": "more", "data": data}] if ids else []


def _submission(number: int) -> dict[str, Any]:
    data = _thing(number, f"t3_s{number}", AT) | {
        "title": f"Thread {number}",
        "selftext": "",
        "num_comments": 1,
        "num_crossposts": 0,
    }
    return {"kind": "t3", "data": data}


def _comment(number: int, place: int, comments: int) -> dict[str, Any]:
    roll = random.Random(number * 10**9 + place)
    above = f"t1_c{number}x{roll.randrange(place)}" if place >= SHOWN else f"t3_s{number}"
    data = _thing(number, f"t1_c{number}x{place}", AT + 1 + place) | {
        "parent_id": above,
        "link_id": f"t3_s{number}",
        "body": f"{number} {place}: " + " ".join(roll.choices(WORDS, k=35)),
        "author": f"user{roll.randrange(comments)}",
        "replies": "",
        "depth": 0,
        "filler": "x" * 900,
    }
    return {"kind": "t1", "data": data}


def _thing(number: int, name: str, created: int) -> dict[str, Any]:
    return {
        "id": name[3:],
        "name": name,
        "subreddit": f"bench{number}",
        "author": "op",
        "created_utc": float(created),
        "score": 5,
        "edited": False,
        "permalink": f"/r/bench{number}/comments/{name[3:]}/",
    }


def _listing(things: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "before": None, "children": things}}
