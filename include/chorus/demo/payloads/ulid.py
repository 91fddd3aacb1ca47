"""Statuses as a smaller server gives them, which leaves out what it does not know."""

import unicodedata

from chorus.demo.life.accounts import Account
from chorus.demo.life.posts import Post
from chorus.demo.payloads.attachments import Json
from chorus.demo.payloads.mastodon import MastodonPayloads

_COUNTS = ("replies_count", "reblogs_count", "favourites_count")
_UNKNOWN = ("quotes_count", "quote", "filtered")


class UlidPayloads(MastodonPayloads):
    """No counts of posts from other servers, no `edited_at` unless edited, often no language."""

    def status(self, post: Post, now: int) -> Json:
        said = super().status(post, now)
        for key in _UNKNOWN:
            said.pop(key, None)
        if post.author.home != self.instance:
            for key in _COUNTS:
                said.pop(key, None)
        if said.get("edited_at") is None:
            said.pop("edited_at", None)
        if post.salt % 3 == 0:
            said["language"] = None
        if post.boosted is None:
            said["text"] = self.text(post, now).plain
        return said

    def account(self, account: Account, now: int) -> Json:
        said = super().account(account, now)
        for key in ("uri", "indexable", "hide_collections", "roles"):
            said.pop(key)
        return said

    def tag_name(self, shown: str) -> str:
        return unicodedata.normalize("NFKC", shown).lower()
