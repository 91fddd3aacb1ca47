"""The lists inside a post: its hashtags, whom it mentions, what hangs on it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chorus.domain.tags import fold_tag
from chorus.transform.values import INDEXED, Unfit, identifier, mappings, text

# Gold counts pairs of hashtags: of a post with so many, a quarter of a million.
MOST_TAGS = 500
MEDIA_FIELDS = ("url", "preview_url", "description", "meta")


class Parts(NamedTuple):
    """Names for people, and the same with what else is known."""

    names: list[str]
    described: list[dict[str, Any]]


NONE = Parts([], [])


def tags_of(post: Mapping[str, Any]) -> Parts:
    """Each hashtag once, under its folded name; the form shown is the first one."""
    if not post.get("tags"):
        return NONE
    shown: dict[str, str] = {}
    for entity in mappings(post, "tags"):
        written = (text(entity, "name") or "").removeprefix("#")
        folded = fold_tag(written)
        if folded and len(folded.encode()) <= INDEXED:
            shown.setdefault(folded, written)
    if len(shown) > MOST_TAGS:
        raise Unfit(f"it has {len(shown):,} hashtags, more than {MOST_TAGS}")
    return Parts(list(shown), [{"name": name, "shown": shown[name]} for name in shown])


def mentions_of(post: Mapping[str, Any]) -> Parts:
    """Everyone once; some servers name no uri, a few not even an url."""
    if not post.get("mentions"):
        return NONE
    uris: dict[str, str | None] = {}
    for entity in mappings(post, "mentions"):
        acct = identifier(entity, "acct") or identifier(entity, "username")
        if acct is not None:
            uris.setdefault(acct, identifier(entity, "uri") or identifier(entity, "url"))
    return Parts(list(uris), [{"acct": acct, "uri": uris[acct]} for acct in uris])


def media_of(post: Mapping[str, Any]) -> Parts:
    """Attachments in order; a type that is not said is `unknown`, as Mastodon calls it."""
    if not post.get("media_attachments"):
        return NONE
    attachments = mappings(post, "media_attachments")
    types = [text(attached, "type") or "unknown" for attached in attachments]
    described = [
        {"type": kind, **{name: attached.get(name) for name in MEDIA_FIELDS}}
        for kind, attached in zip(types, attachments, strict=True)
    ]
    return Parts(types, described)
