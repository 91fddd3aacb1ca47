"""What hangs on a submission: galleries, videos, pictures, as attachments; polls and plain links stay in the payload."""

from collections.abc import Mapping
from typing import Any

KINDS = {"Image": "image", "AnimatedImage": "gifv", "RedditVideo": "video"}
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


def media_of(submission: Mapping[str, Any]) -> list[dict[str, Any]]:
    """In the order in which they are shown; a crosspost shows those of what it points to."""
    if gallery := _gallery(submission):
        return gallery
    if video := _inside(submission, "secure_media", "reddit_video") or _inside(
        submission, "media", "reddit_video"
    ):
        kind = "gifv" if video.get("is_gif") else "video"
        return [_attachment(kind, video.get("fallback_url"))]
    address = submission.get("url_overridden_by_dest") or submission.get("url")
    is_picture = submission.get("post_hint") == "image" or (
        isinstance(address, str) and address.partition("?")[0].lower().endswith(PICTURES)
    )
    if is_picture and not submission.get("is_self"):
        return [_attachment("image", address)]
    shared = submission.get("crosspost_parent_list")
    if isinstance(shared, list) and shared and isinstance(shared[0], dict):
        return media_of({**shared[0], "crosspost_parent_list": None})
    return []


def _gallery(submission: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = _inside(submission, "gallery_data").get("items")
    known = _inside(submission, "media_metadata")
    attachments = []
    for item in items if isinstance(items, list) else []:
        named = item.get("media_id") if isinstance(item, dict) else None
        about = known.get(named) if isinstance(named, str) else None
        if isinstance(about, dict):
            best = _inside(about, "s")
            address = best.get("u") or best.get("gif") or best.get("mp4")
            kind = KINDS.get(str(about.get("e")), "unknown")
            attachments.append(_attachment(kind, address, item.get("caption")))
    return attachments


def _attachment(kind: str, address: Any, description: Any = None) -> dict[str, Any]:
    return {
        "type": kind,
        "url": address if isinstance(address, str) else None,
        "preview_url": None,
        "description": description if isinstance(description, str) else None,
        "meta": None,
    }


def _inside(thing: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """What lies there, or nothing where something else lies there."""
    found: Any = thing
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
