"""Statuses and accounts as Mastodon's REST API gives them."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from chorus.demo.life.accounts import Account
from chorus.demo.life.engagement import counts
from chorus.demo.life.hashtags import Hashtag
from chorus.demo.life.ids import Snowflakes
from chorus.demo.life.instances import ULID
from chorus.demo.life.moments import iso
from chorus.demo.life.posts import Post
from chorus.demo.life.text import EMOJI, Text, text_of
from chorus.demo.life.timeline import Timeline
from chorus.demo.life.world import World
from chorus.demo.payloads import attachments, html
from chorus.demo.payloads.attachments import Json

# One status in so many does not say its language.
_SILENT_ABOUT_LANGUAGE = 25


class MastodonPayloads:
    """`addresses` says where an instance can really be reached, for links that people click."""

    def __init__(
        self, world: World, timeline: Timeline, addresses: Mapping[str, str] | None = None
    ) -> None:
        self.world = world
        self.timeline = timeline
        self.instance = timeline.instance
        self.addresses = addresses or {}

    def status(self, post: Post, now: int) -> Json:
        if post.boosted is not None:
            return self._boost(post, post.boosted, now)
        text = self.text(post, now)
        counted = counts(post, self.instance, now)
        parent = None if post.parent is None or post.parent.is_gone(now) else post.parent
        local = {"application": {"name": "Web", "website": None}}
        return {
            **self._head(post),
            "in_reply_to_id": self.timeline.id_of(parent) if parent else None,
            "in_reply_to_account_id": self.account_id(post.parent.author)
            if post.parent
            else None,
            "sensitive": bool(text.spoiler) or post.salt % 60 == 0,
            "spoiler_text": text.spoiler,
            "language": None if post.salt % _SILENT_ABOUT_LANGUAGE == 0 else post.language,
            "replies_count": counted.replies,
            "reblogs_count": counted.boosts,
            "favourites_count": counted.favourites,
            "quotes_count": 0,
            "edited_at": iso(post.edited) if post.edited and post.is_edited(now) else None,
            "content": html.content(text, post.author.home),
            "reblog": None,
            **(local if post.author.home == self.instance else {}),
            "account": self.account(post.author, now),
            "media_attachments": attachments.media(post, self.instance),
            "mentions": [self._mention(text.mention)] if text.mention else [],
            "tags": [self._tag(hashtag) for hashtag in text.hashtags],
            "emojis": attachments.emojis(text.plain, text.emoji, self.instance),
            "quote": None,
            "card": attachments.card(post, text),
            "poll": attachments.poll(post, now),
        }

    def text(self, post: Post, now: int) -> Text:
        return text_of(post.boosted or post, self.world.hashtags, now)

    def account(self, account: Account, now: int) -> Json:
        name = account.display_name(now)
        picture = f"https://files.{self.instance}/accounts/avatars/{account.index}.png"
        header = f"https://{self.instance}/headers/original/missing.png"
        return {
            "id": self.account_id(account),
            "username": account.username,
            "acct": account.acct(self.instance),
            "display_name": name,
            "locked": False,
            "bot": account.bot,
            "discoverable": True,
            "indexable": False,
            "group": False,
            "created_at": iso(account.created),
            "note": f"<p>Lives on {account.home} and writes in {account.language}.</p>",
            "url": account.url,
            "uri": account.uri,
            "avatar": picture,
            "avatar_static": picture,
            "header": header,
            "header_static": header,
            "followers_count": account.followers(now),
            "following_count": account.following(now),
            "statuses_count": account.statuses(now),
            "last_status_at": iso(now)[:10],
            "hide_collections": None,
            "emojis": attachments.emojis(name, EMOJI, self.instance),
            "roles": [],
            "fields": [],
        }

    def account_id(self, account: Account) -> str:
        ids = self.timeline.ids
        return ids.write(ids.position(account.created + account.index, account.salt))

    def tag_name(self, shown: str) -> str:
        """Mastodon folds Latin letters to ASCII and leaves other scripts as they are."""
        folded = unicodedata.normalize("NFKC", shown).lower()
        bases = (unicodedata.normalize("NFD", letter)[0] for letter in folded)
        return "".join(b if b.isascii() else c for b, c in zip(bases, folded, strict=True))

    def permalink(self, post: Post) -> str:
        """On the server it was written on, in a form that opens in a browser while the demo runs."""
        home = post.author.home
        base = self.addresses.get(home, f"https://{home}")
        folder = "statuses/" if home == ULID else ""
        return f"{base}/@{post.author.username}/{folder}{self._home_id(post)}"

    def _head(self, post: Post) -> Json:
        return {
            "id": self.timeline.id_of(post),
            "created_at": iso(post.created),
            "visibility": post.visibility,
            "uri": f"{post.author.uri}/statuses/{self._home_id(post)}",
            "url": self.permalink(post),
            "favourited": False,
            "reblogged": False,
            "muted": False,
            "bookmarked": False,
            "pinned": False,
            "filtered": [],
        }

    def _boost(self, post: Post, boosted: Post, now: int) -> Json:
        inner = self.status(boosted, now)
        nothing = {"replies_count": 0, "reblogs_count": 0, "favourites_count": 0}
        empty: Json = {
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "card": None,
            "poll": None,
        }
        head = self._head(post)
        return {
            **inner,
            **nothing,
            **empty,
            **head,
            "uri": head["uri"] + "/activity",
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "account": self.account(post.author, now),
            "reblog": inner,
        }

    def _home_id(self, post: Post) -> str:
        """What a server that nobody runs would call it is a snowflake of its creation."""
        home = self.world.timelines.get(post.author.home)
        if home is not None:
            return home.id_of(post)
        elsewhere = Snowflakes()
        return elsewhere.write(elsewhere.position(post.created, post.salt))

    def _mention(self, account: Account) -> Json:
        return {
            "id": self.account_id(account),
            "username": account.username,
            "url": account.url,
            "acct": account.acct(self.instance),
        }

    def _tag(self, hashtag: Hashtag) -> Json:
        name = self.tag_name(hashtag.shown)
        return {"name": name, "url": f"https://{self.instance}/tags/{quote(name)}"}
