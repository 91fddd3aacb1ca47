"""What transform takes and what it makes; the fields of a row are the columns of its staging table, in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

Described = dict[str, Any]


class Event(NamedTuple):
    """A claimed raw event."""

    raw_event_id: UUID
    occurred_at: datetime
    source: str
    source_id: str
    instance: str
    event_type: str
    post_id: str
    observed_at: datetime

    seen_again_at: datetime | None
    known_uri: str | None
    payload: str
    known_looks: Sequence[datetime] | None = None

    @property
    def looks(self) -> tuple[datetime, ...]:
        """When it was seen, once more where something else was seen in between, and as it was taken in before."""
        if self.seen_again_at is None and not self.known_looks:
            return (self.observed_at,)
        again = () if self.seen_again_at is None else (self.seen_again_at,)
        others = {*again, *(self.known_looks or ())} - {self.observed_at}
        return (self.observed_at, *sorted(others))


class Post(NamedTuple):
    """One look at one post, cleaned and typed: what the event says of itself, what the post says, its author."""

    raw_event_id: UUID
    occurred_at: datetime
    source: str
    source_id: str
    instance: str
    event_type: str
    post_id: str
    observed_at: datetime

    uri: str
    created_at: datetime
    url: str | None = None
    edited_at: datetime | None = None
    visibility: str | None = None
    language: str | None = None
    is_sensitive: bool | None = None
    spoiler_text: str | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    is_reply: bool = False
    replies_count: int | None = None
    reblogs_count: int | None = None
    favourites_count: int | None = None
    engagement_score: int | None = None
    content_html: str | None = None
    content_text: str | None = None
    content_hash: bytes | None = None
    input_hash: bytes | None = None
    content_length: int | None = None
    word_count: int | None = None
    tag_names: list[str] | None = None
    tags: Sequence[Described] = ()
    mention_accts: list[str] | None = None
    mentions: Sequence[Described] = ()
    media_types: list[str] | None = None
    media: Sequence[Described] = ()
    media_count: int | None = None

    account_id: str | None = None
    account_uri: str | None = None
    account_acct: str | None = None
    account_display_name: str | None = None
    account_bot: bool | None = None
    account_created_at: datetime | None = None
    account_followers_count: int | None = None
    account_following_count: int | None = None
    account_statuses_count: int | None = None

    is_deleted: bool = False
    detected_language: str | None = None
    language_confidence: float | None = None


class Account(NamedTuple):
    """One look at one account, cleaned and typed."""

    raw_event_id: UUID
    observed_at: datetime
    source: str
    instance: str
    account_id: str
    account_uri: str
    acct: str
    display_name: str | None
    url: str | None
    is_bot: bool
    account_created_at: datetime | None
    followers_count: int | None
    following_count: int | None
    statuses_count: int | None


class Letter(NamedTuple):
    """A raw event that cannot become a row, and why."""

    raw_event_id: UUID
    occurred_at: datetime
    error_class: str
    error: str
