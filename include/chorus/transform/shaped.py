"""A post that its source's own module has brought into the shape of a status; what it says may be plain text already."""

from collections.abc import Callable, Mapping
from typing import Any

from chorus.domain.sentiment_key import input_hash
from chorus.domain.text import content_hash, word_count
from chorus.transform.plain_text import plain_text, readable
from chorus.transform.rows import Event, Post
from chorus.transform.statuses import Weights, clean_status
from chorus.transform.values import text

# (event type, instance, payload) -> the post as a Mastodon status, or the account as Mastodon shows one. Beside a
# status's own fields: `content_text`, what it says, which is else taken out of its `content`; `deleted`, whether it was
# read as gone; an account of None is nobody.
Shape = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]

NOBODY = {"id": "nobody", "acct": "nobody"}


def clean_shaped(event: Event, said: Mapping[str, Any], weights: Weights) -> Post:
    author = said.get("account")
    html = text(said, "content")
    post = clean_status(event, {**said, "content": None, "account": author or NOBODY}, weights)
    if author is None:
        post = post._replace(
            account_uri=None, account_id=None, account_acct=None, account_display_name=None
        )
    if said.get("deleted"):
        return _gone(post)
    given = text(said, "content_text") or ""
    content = readable(given) if "content_text" in said else plain_text(html or "")
    return post._replace(
        content_html=html,
        content_text=content,
        content_hash=content_hash(content),
        input_hash=input_hash(content) if content and not content.isspace() else None,
        content_length=len(content),
        word_count=word_count(content),
    )


def _gone(post: Post) -> Post:
    """It keeps its place in the thread and says nothing any more."""
    return post._replace(
        is_deleted=True,
        content_html=None,
        content_text=None,
        content_hash=None,
        input_hash=None,
        content_length=None,
        word_count=None,
    )
