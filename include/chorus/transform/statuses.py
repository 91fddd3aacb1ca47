"""A status as Mastodon's API gives it, from any server that speaks it."""

from collections.abc import Mapping
from typing import Any

from chorus.domain.sentiment_key import input_hash
from chorus.domain.text import content_hash, word_count
from chorus.transform.accounts import author_of
from chorus.transform.parts import media_of, mentions_of, tags_of
from chorus.transform.plain_text import plain_text
from chorus.transform.rows import Event, Post
from chorus.transform.values import Unfit, count, flag, identifier, moment, text

Weights = tuple[int, int, int]
# How a post ends that is there: not deleted, and nobody has looked for its language yet.
STANDS = (False, None, None)


def clean_status(event: Event, payload: Mapping[str, Any], weights: Weights) -> Post:
    if payload.get("reblog"):
        raise Unfit("it is a boost; bronze takes in the boost and the boosted post apart")
    if identifier(payload, "id") is None:
        raise Unfit("it has no id")
    created_at = moment(payload, "created_at")
    if created_at is None:
        raise Unfit("it has no created_at")
    account = payload.get("account")
    if not isinstance(account, dict):
        raise Unfit("it has no account")
    author = author_of(event, account)
    media = media_of(payload)
    html = text(payload, "content") or ""
    content = plain_text(html)
    replies = count(payload, "replies_count")
    reblogs = count(payload, "reblogs_count")
    favourites = count(payload, "favourites_count")
    parent = identifier(payload, "in_reply_to_id")
    parents_author = identifier(payload, "in_reply_to_account_id")
    # In the order of the fields: by name it would take a third longer.
    return Post._make(
        (
            *event[:8],
            identifier(payload, "uri") or uri_of(event),
            created_at,
            identifier(payload, "url"),
            moment(payload, "edited_at"),
            identifier(payload, "visibility"),
            identifier(payload, "language"),
            flag(payload, "sensitive"),
            text(payload, "spoiler_text"),
            parent,
            parents_author,
            parent is not None or parents_author is not None,
            replies,
            reblogs,
            favourites,
            engagement(replies, favourites, reblogs, weights),
            html,
            content,
            content_hash(content),
            input_hash(content) if content and not content.isspace() else None,
            len(content),
            word_count(content),
            *tags_of(payload),
            *mentions_of(payload),
            *media,
            len(media.names),
            *author[:9],
            *STANDS,
        )
    )


def clean_deletion(event: Event, _payload: Mapping[str, Any]) -> Post:
    """A look that found the post gone; it knows the post only by what was seen of it before."""
    return Post(
        *event[:8],
        uri=event.known_uri or uri_of(event),
        created_at=event.occurred_at,
        is_deleted=True,
    )


def uri_of(event: Event) -> str:
    """A name for a post whose server gives it no address."""
    return f"{event.source}://{event.instance}/{event.post_id}"


def engagement(
    replies: int | None, favourites: int | None, reblogs: int | None, weights: Weights
) -> int:
    """Weighted sum; what the server does not count adds nothing."""
    of_reply, of_favourite, of_reblog = weights
    return (
        of_reply * (replies or 0)
        + of_favourite * (favourites or 0)
        + of_reblog * (reblogs or 0)
    )
