"""An account as Mastodon's API gives it: alone, or inside the post it wrote."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chorus.transform.rows import Account, Event
from chorus.transform.values import Unfit, count, flag, identifier, moment, text


class Author(NamedTuple):
    """What an account says beside a post, in the order in which a post ends, and its url."""

    id: str
    uri: str
    acct: str
    display_name: str | None
    is_bot: bool | None
    created_at: datetime | None
    followers_count: int | None
    following_count: int | None
    statuses_count: int | None
    url: str | None


def author_of(event: Event, payload: Mapping[str, Any]) -> Author:
    account_id = identifier(payload, "id")
    if account_id is None:
        raise Unfit("the account has no id")
    acct = identifier(payload, "acct") or identifier(payload, "username")
    if acct is None:
        raise Unfit("the account has neither acct nor username")
    url = identifier(payload, "url")
    uri = identifier(payload, "uri") or url
    return Author(
        account_id,
        uri or f"{event.source}://{event.instance}/@{account_id}",
        acct,
        text(payload, "display_name"),
        flag(payload, "bot"),
        moment(payload, "created_at"),
        _counted(payload, "followers_count"),
        _counted(payload, "following_count"),
        _counted(payload, "statuses_count"),
        url,
    )


def clean_account(event: Event, payload: Mapping[str, Any]) -> list[Account]:
    author = author_of(event, payload)
    return [
        Account(
            event.raw_event_id,
            look,
            event.source,
            event.instance,
            author.id,
            author.uri,
            author.acct,
            author.display_name,
            author.url,
            bool(author.is_bot),
            author.created_at,
            author.followers_count,
            author.following_count,
            author.statuses_count,
        )
        for look in event.looks
    ]


def _counted(payload: Mapping[str, Any], name: str) -> int | None:
    """Servers write -1 where an account hides its number."""
    value = count(payload, name)
    return None if value is None or value < 0 else value
