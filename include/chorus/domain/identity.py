"""What makes two observations the same: the hash of a payload, and the id derived from it.

A field that changes at every look and means nothing would make every look a new observation, so it is left out of
the hash. This file is the one list of such fields; the payload itself is stored with all of them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

# What the viewer did with a post says nothing about the post.
VIEWERS_FLAGS = frozenset(
    {"favourited", "reblogged", "muted", "bookmarked", "pinned", "filtered"}
)
VIEWERS_VOTES = frozenset({"voted", "own_votes"})
# A clock of the account; its followers, following and posts are counted in the hash of the account itself.
RESTLESS_OF_ACCOUNT = frozenset({"last_status_at"})
RESTLESS_OF_CARD = frozenset({"history"})
# Reddit: what it says to the reader or to moderators, what it blurs at every look, and what it makes up for the page.
REDDITS_READER = frozenset(
    [
        "likes",
        "saved",
        "hidden",
        "clicked",
        "visited",
        "previous_visits",
        "new",
        "user_reports",
        "user_reports_dismissed",
        "mod_reports",
        "mod_reports_dismissed",
        "num_reports",
        "report_reasons",
        "mod_note",
        "mod_reason_by",
        "mod_reason_title",
        "approved",
        "approved_at_utc",
        "approved_by",
        "banned_at_utc",
        "banned_by",
        "ban_note",
        "ignore_reports",
        "removed",
        "spam",
        "can_gild",
        "can_mod_post",
        "is_crosspostable",
        "author_is_blocked",
        "send_replies",
        "collapsed",
        "collapsed_reason",
        "collapsed_reason_code",
        "collapsed_because_crowd_control",
        "unrepliable_reason",
        "no_follow",
        "rte_mode",
    ]
)
RESTLESS_ON_REDDIT = REDDITS_READER | frozenset(
    [
        "ups",
        "downs",
        "upvote_ratio",
        "view_count",
        "subreddit_subscribers",
        "num_duplicates",
        "author_cakeday",
        "preview",
        "thumbnail",
        "thumbnail_height",
        "thumbnail_width",
        "media",
        "media_embed",
        "secure_media",
        "secure_media_embed",
        "created",
        "crosspost_parent_list",
        "wls",
        "pwls",
    ]
)
# Where a comment stood in the answer, and the submission that a listing of comments repeats beside each.
RESTLESS_OF_COMMENT = RESTLESS_ON_REDDIT | frozenset(
    [
        "depth",
        "replies",
        "link_title",
        "link_author",
        "link_permalink",
        "link_url",
        "num_comments",
        "over_18",
        "quarantine",
        "whitelist_status",
        "parent_whitelist_status",
    ]
)
# Things that are observations of their own stand in the hash of what they are part of by their id alone.
EMBEDDED = ("account", "reblog")
CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical(value: object) -> bytes:
    """The one way to write a JSON value: sorted keys, no spaces, UTF-8.

    ValueError: it holds what JSON cannot, such as NaN or half of a surrogate pair.
    """
    return CANONICAL.encode(value).encode()


def payload_hash(event_type: str, payload: Mapping[str, Any]) -> bytes:
    """SHA-256 of the payload without what changes at every look."""
    return hashlib.sha256(canonical(STRIP.get(event_type, _of_post)(payload))).digest()


def event_id(source: str, instance: str, event_type: str, post_id: str, hashed: bytes) -> UUID:
    """The id of a raw event: it identifies content, so the same look twice is one row."""
    # No name holds a NUL, so nothing else gives the same text.
    name = f"{source}\x00{instance}\x00{event_type}\x00{post_id}\x00{hashed.hex()}".encode()
    return UUID(bytes=hashlib.sha256(name).digest()[:16])


def _of_account(account: Mapping[str, Any]) -> dict[str, Any]:
    return {key: account[key] for key in account if key not in RESTLESS_OF_ACCOUNT}


def _of_post(post: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: post[key] for key in post if key not in VIEWERS_FLAGS}
    for key in EMBEDDED:
        if isinstance(kept.get(key), Mapping):
            kept[key] = kept[key].get("id")
    if isinstance(kept.get("quote"), Mapping):
        kept["quote"] = _of_quote(kept["quote"])
    if isinstance(kept.get("poll"), Mapping):
        kept["poll"] = {k: v for k, v in kept["poll"].items() if k not in VIEWERS_VOTES}
    if isinstance(kept.get("card"), Mapping):
        kept["card"] = {k: v for k, v in kept["card"].items() if k not in RESTLESS_OF_CARD}
    return kept


def _of_quote(quote: Mapping[str, Any]) -> Any:
    """Mastodon wraps the quoted post in `{state, quoted_status}`; Pleroma gives the post itself."""
    if "quoted_status" not in quote:
        return quote.get("id", dict(quote))
    quoted = quote["quoted_status"]
    return {
        **quote,
        "quoted_status": quoted.get("id") if isinstance(quoted, Mapping) else quoted,
    }


def _of_submission(submission: Mapping[str, Any]) -> dict[str, Any]:
    return {key: submission[key] for key in submission if key not in RESTLESS_ON_REDDIT}


def _of_comment(comment: Mapping[str, Any]) -> dict[str, Any]:
    return {key: comment[key] for key in comment if key not in RESTLESS_OF_COMMENT}


STRIP = {"account": _of_account, "submission": _of_submission, "comment": _of_comment}
