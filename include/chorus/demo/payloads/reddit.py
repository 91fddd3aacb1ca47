"""Submissions, comments and folds as Reddit's API gives them, of the same conversations that the other servers have."""

from collections.abc import Iterable

from chorus.demo.life.engagement import settled
from chorus.demo.life.hashtags import Hashtag
from chorus.demo.life.moments import BIRTH, HOUR, SECOND
from chorus.demo.life.posts import Post
from chorus.demo.life.text import text_of
from chorus.demo.life.world import World
from chorus.demo.payloads.attachments import Json

INSTANCE = "reddit.demo"
# Of a tree so many comments are shown at once, and none deeper; the rest is folded.
SHOWN, DEEPEST = 12, 3
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NOISE_BITS = 16
_DISLIKED, _PICTURES, _NOT_SAFE = 9, 5, 60


def id_of(post: Post) -> str:
    """Base 36, growing with time, as Reddit's are."""
    number = (post.created - BIRTH) << _NOISE_BITS | post.salt & (1 << _NOISE_BITS) - 1
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def created_in(post_id: str) -> int | None:
    """The millisecond in which a post was written; None for what is no id."""
    if not (post_id.isascii() and post_id.isalnum()):
        return None
    return BIRTH + (int(post_id, 36) >> _NOISE_BITS)


class RedditPayloads:
    def __init__(self, world: World, base_url: str) -> None:
        self.world = world
        self._base_url = base_url

    def submission(self, root: Post, now: int) -> Json:
        subreddit = self.world.hashtags[root.topic]
        title, body = self._title_and_body(root, now)
        picture = root.salt % _PICTURES == 0
        permalink = self.permalink(root, root)
        return {
            **self._common(root, root, subreddit, now),
            "name": f"t3_{id_of(root)}",
            "title": title,
            "selftext": "" if picture else body,
            "selftext_html": None,
            "is_self": not picture,
            "url": f"https://i.{INSTANCE}/{id_of(root)}.jpg" if picture else permalink,
            "post_hint": "image" if picture else "self",
            "is_video": False,
            "media": None,
            "num_comments": len(comments(root, now)),
            "num_crossposts": int(root.extra_boosts * settled(root, now)) // 10,
            "upvote_ratio": 0.5 + root.salt % 50 / 100,
            "hide_score": False,
            "over_18": root.salt % _NOT_SAFE == 0,
            "spoiler": bool(text_of(root, self.world.hashtags, now).spoiler),
            "removed_by_category": "deleted" if root.is_gone(now) else None,
            "crosspost_parent_list": None,
            "subreddit_subscribers": len(self.world.accounts),
        }

    def comment(self, root: Post, post: Post, now: int, replies: Json | str = "") -> Json:
        parent = post.parent or root
        gone = post.is_gone(now)
        said = text_of(post, self.world.hashtags, now)
        return {
            **self._common(root, post, self.world.hashtags[root.topic], now),
            "name": f"t1_{id_of(post)}",
            "link_id": f"t3_{id_of(root)}",
            "parent_id": f"{'t3' if parent is root else 't1'}_{id_of(parent)}",
            "body": "[removed]" if gone else "\n\n".join(said.paragraphs),
            "body_html": None,
            "score_hidden": now - post.created < HOUR,
            "is_submitter": post.author is root.author,
            "depth": depth_of(post) - 1,
            "replies": replies,
        }

    def tree(self, root: Post, top: Post, now: int) -> Json:
        """What one answer shows below a post: the first few comments, and folds for the others."""
        below = [
            post for post in comments(root, now) if post is not top and _is_below(post, top)
        ]
        shown = set(map(id_of, below[:SHOWN]))
        deepest = depth_of(top) + DEEPEST

        def under(parent: Post) -> Json:
            answers = [post for post in below if post.parent is parent]
            name = f"{'t3' if parent is root else 't1'}_{id_of(parent)}"
            if answers and depth_of(parent) >= deepest:
                return listing([_fold(name, [], 0, depth_of(parent))])
            things: list[Json] = []
            for post in answers:
                if id_of(post) in shown:
                    inside = under(post)
                    replies = inside if inside["data"]["children"] else ""
                    things.append(
                        {"kind": "t1", "data": self.comment(root, post, now, replies)}
                    )
            hidden = [post for post in answers if id_of(post) not in shown]
            if hidden:
                count = sum(any(_is_below(post, one) for one in hidden) for post in below)
                things.append(_fold(name, list(map(id_of, hidden)), count, depth_of(parent)))
            return listing(things)

        return under(top)

    def unfolded(self, root: Post, ids: Iterable[str], now: int) -> list[Json]:
        """All below the comments that a fold named, flat, as /api/morechildren gives them."""
        wanted = set(ids)
        tops = [post for post in comments(root, now) if id_of(post) in wanted]
        return [
            {"kind": "t1", "data": self.comment(root, post, now)}
            for post in comments(root, now)
            if any(_is_below(post, top) for top in tops)
        ]

    def permalink(self, root: Post, post: Post) -> str:
        """Where the demo shows it; Reddit leaves its own address out here."""
        subreddit = self.world.hashtags[root.topic].name
        place = f"{self._base_url}/r/{subreddit}/comments/{id_of(root)}/_/"
        return place if post is root else f"{place}{id_of(post)}/"

    def _common(self, root: Post, post: Post, subreddit: Hashtag, now: int) -> Json:
        gone = post.is_gone(now)
        liked = round(post.favourites * settled(post, now))
        edited = post.edited // SECOND if post.edited and post.is_edited(now) else None
        return {
            "id": id_of(post),
            "subreddit": subreddit.name,
            "subreddit_type": "public",
            "author": "[deleted]" if gone else post.author.username,
            "author_fullname": None if gone else f"t2_{post.author.index}",
            "created_utc": float(post.created // SECOND),
            "edited": False if edited is None else float(edited),
            "score": -liked if post.salt % _DISLIKED == 0 else 1 + liked,
            "permalink": self.permalink(root, post),
            "likes": None,
            "saved": False,
        }

    def _title_and_body(self, root: Post, now: int) -> tuple[str, str]:
        said = text_of(root, self.world.hashtags, now)
        first, *others = said.paragraphs
        if root.is_gone(now):
            return first, "[deleted]"
        return first, "\n\n".join([*others, *([said.link] if said.link else [])])


def comments(root: Post, now: int) -> list[Post]:
    """What was answered by now, parents first."""
    return [post for post in root.conversation if post.parent and post.created <= now]


def depth_of(post: Post) -> int:
    depth = 0
    while post.parent is not None:
        post, depth = post.parent, depth + 1
    return depth


def listing(things: list[Json], after: str | None = None) -> Json:
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": things}}


def _is_below(post: Post, top: Post) -> bool:
    above: Post | None = post
    while above is not None and above is not top:
        above = above.parent
    return above is top


def _fold(parent: str, ids: list[str], count: int, depth: int) -> Json:
    """Without ids it says "continue this thread"."""
    name = ids[0] if ids else "_"
    data = {"id": name, "name": f"t1_{name}", "parent_id": parent, "count": count}
    return {"kind": "more", "data": {**data, "depth": depth, "children": ids}}
