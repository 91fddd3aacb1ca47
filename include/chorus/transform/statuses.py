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
    tags, mentions, media = tags_of(payload), mentions_of(payload), media_of(payload)
    html = text(payload, "content") or ""
    content = plain_text(html)
    replies = count(payload, "replies_count")
    reblogs = count(payload, "reblogs_count")
    favourites = count(payload, "favourites_count")
    parent = identifier(payload, "in_reply_to_id")
    parents_author = identifier(payload, "in_reply_to_account_id")
    return Post(
        raw_event_id=event.raw_event_id,
        occurred_at=event.occurred_at,
        observed_at=event.observed_at,
        source=event.source,
        source_id=event.source_id,
        instance=event.instance,
        post_id=event.post_id,
        uri=identifier(payload, "uri") or uri_of(event),
        event_type=event.event_type,
        created_at=created_at,
        url=identifier(payload, "url"),
        edited_at=moment(payload, "edited_at"),
        account_uri=author.uri,
        account_id=author.id,
        account_acct=author.acct,
        content_html=html,
        content_text=content,
        content_hash=content_hash(content),
        input_hash=input_hash(content) if content and not content.isspace() else None,
        language=identifier(payload, "language"),
        visibility=identifier(payload, "visibility"),
        is_sensitive=flag(payload, "sensitive"),
        spoiler_text=text(payload, "spoiler_text"),
        in_reply_to_id=parent,
        in_reply_to_account_id=parents_author,
        is_reply=parent is not None or parents_author is not None,
        replies_count=replies,
        reblogs_count=reblogs,
        favourites_count=favourites,
        engagement_score=engagement(replies, favourites, reblogs, weights),
        media_count=len(media.names),
        media_types=media.names,
        content_length=len(content),
        word_count=word_count(content),
        tags=tags.described,
        mentions=mentions.described,
        media=media.described,
        tag_names=tags.names,
        mention_accts=mentions.names,
        account_display_name=author.display_name,
        account_followers_count=author.followers_count,
        account_following_count=author.following_count,
        account_statuses_count=author.statuses_count,
        account_created_at=author.created_at,
        account_bot=author.is_bot,
    )


def clean_deletion(event: Event, _payload: Mapping[str, Any]) -> Post:
    """A look that found the post gone; it knows the post only by what was seen of it before."""
    return Post(
        raw_event_id=event.raw_event_id,
        occurred_at=event.occurred_at,
        observed_at=event.observed_at,
        source=event.source,
        source_id=event.source_id,
        instance=event.instance,
        post_id=event.post_id,
        uri=event.known_uri or uri_of(event),
        event_type=event.event_type,
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
