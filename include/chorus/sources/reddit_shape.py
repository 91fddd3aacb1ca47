"""Submissions, comments and authors in the shape in which transform takes posts and accounts: that of a Mastodon status."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from chorus.sources.reddit_events import NOBODY, created_at
from chorus.sources.reddit_media import media_of

# "[deleted]", "[removed]", "[ Removed by Reddit ]", "[ Removed by reddit in response to a copyright notice. ]".
GONE = re.compile(r"\[ ?(deleted|removed( by reddit[^\]]*)?) ?\]", re.IGNORECASE)
SHOWN_TO_EVERYBODY = frozenset({"public", "restricted", "archived", "user"})


def as_status(kind: str, instance: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Of what keeps the rules of reddit_rules; counts that Reddit hides or does not give are None."""
    if kind == "account":
        return _account(payload.get("author"), instance)
    author = payload.get("author")
    if not isinstance(author, str | None):
        raise ValueError(f"author is {type(author).__name__} where a text belongs")  # noqa: TRY004 - as_status promises it
    said = (
        _submission(instance, payload) if kind == "submission" else _comment(instance, payload)
    )
    edited = payload.get("edited")
    created = created_at(payload)
    return {
        **said,
        "id": payload.get("name"),
        "created_at": created.isoformat() if created else None,
        "edited_at": _moment(edited),
        "url": _address(instance, payload.get("permalink")),
        "account": None if author in NOBODY else _account(author, instance),
        "visibility": "public"
        if str(payload.get("subreddit_type", "public")) in SHOWN_TO_EVERYBODY
        else "private",
        "sensitive": bool(payload.get("over_18") or payload.get("spoiler")),
    }


def _submission(instance: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    title, body = payload.get("title"), payload.get("selftext") or ""
    return {
        "uri": f"https://{instance}/comments/{payload.get('id')}",
        "content": payload.get("selftext_html") or "",
        "content_text": f"{title}\n\n{body}" if body else title,
        "in_reply_to_id": None,
        "replies_count": payload.get("num_comments"),
        "reblogs_count": payload.get("num_crossposts"),
        # hide_score hides it on the page alone; of a comment a hidden score is not told here either.
        "favourites_count": payload.get("score"),
        "media_attachments": media_of(payload),
        "deleted": _is_gone(payload, body),
    }


def _is_gone(payload: Mapping[str, Any], body: object) -> bool:
    """Reddit says who removed a submission; where it says that nobody did, its author may write "[removed]"."""
    if payload.get("removed_by_category") is not None:
        return True
    nobody_knows = "removed_by_category" not in payload or payload.get("author") in NOBODY
    return _says_gone(body) and nobody_knows


def _says_gone(body: object) -> bool:
    return isinstance(body, str) and GONE.fullmatch(body.strip()) is not None


def _comment(instance: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    submission = str(payload.get("link_id")).removeprefix("t3_")
    body = payload.get("body")
    # Anybody may write "[removed]"; whose author is gone as well did not.
    gone = body is None or (_says_gone(body) and payload.get("author") in NOBODY)
    return {
        "uri": f"https://{instance}/comments/{submission}/_/{payload.get('id')}",
        "content": payload.get("body_html") or "",
        "content_text": body or "",
        "in_reply_to_id": payload.get("parent_id"),
        "replies_count": None,
        "reblogs_count": None,
        "favourites_count": None if payload.get("score_hidden") else payload.get("score"),
        "deleted": gone,
    }


def _account(author: Any, instance: str) -> dict[str, Any]:
    address = f"https://{instance}/user/{author}"
    return {
        "id": author,
        "acct": author,
        "display_name": author,
        "uri": address,
        "url": address,
    }


def _moment(edited: Any) -> str | None:
    """Reddit writes false, or when; very old edits are just true."""
    if isinstance(edited, bool):
        return None
    moment = created_at({"created_utc": edited})
    return moment.isoformat() if moment else None


def _address(instance: str, permalink: Any) -> str | None:
    if not isinstance(permalink, str):
        return None
    host = "www.reddit.com" if instance == "reddit.com" else instance
    whole = urljoin(f"https://{host}", permalink)
    return whole if urlsplit(whole).scheme in {"http", "https"} else None
