"""What hangs on a post: media, a poll, a card, custom emoji."""

from typing import Any

from chorus.demo.life.chance import dice
from chorus.demo.life.engagement import settled
from chorus.demo.life.moments import DAY, iso
from chorus.demo.life.posts import Post
from chorus.demo.life.text import Text

Json = dict[str, Any]

_KINDS = ("image", "image", "image", "image", "gifv", "video", "audio")
_DESCRIPTIONS = (
    None,
    None,
    "A quiet street in the rain",
    'A "quoted" <b>cat</b> & its bowl',
    "犬が走っている",
)
_ANSWERS = ("Yes", "No", "Maybe", "<i>None</i> of these", "🤷")
_WITH_MEDIA, _WITH_POLL, _WITHOUT_META = 0.22, 0.03, 0.2


def media(post: Post, instance: str) -> list[Json]:
    roll = dice(post.salt, 8)
    if roll.random() >= _WITH_MEDIA:
        return []
    return [
        _medium(f"{post.salt % 10**15}{number}", roll.choice(_KINDS), instance, roll.random())
        | {"description": roll.choice(_DESCRIPTIONS)}
        for number in range(roll.choice((1, 1, 1, 2, 4)))
    ]


def has_media(post: Post) -> bool:
    return dice(post.salt, 8).random() < _WITH_MEDIA


def _medium(name: str, kind: str, instance: str, chance: float) -> Json:
    folder = f"https://files.{instance}/media_attachments/files/{name}"
    sizes = {"original": {"width": 1200, "height": 800, "size": "1200x800", "aspect": 1.5}}
    return {
        "id": name,
        "type": kind,
        "url": f"{folder}/original.{'jpg' if kind == 'image' else 'mp4'}",
        "preview_url": f"{folder}/small.jpg",
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": None if chance < _WITHOUT_META else sizes,
        "blurhash": "UGC~-#M{0JfkNFofR%M{IURj%Mt7E0oM%MR*",
    }


def poll(post: Post, now: int) -> Json | None:
    roll = dice(post.salt, 9)
    if roll.random() >= _WITH_POLL or has_media(post):
        return None
    expires = post.created + roll.choice((1, 3, 7)) * DAY
    titles = roll.sample(_ANSWERS, roll.randint(2, 4))
    votes = [int(roll.randrange(60) * settled(post, min(now, expires))) for _ in titles]
    return {
        "id": str(post.salt % 10**12),
        "expires_at": iso(expires),
        "expired": now >= expires,
        "multiple": False,
        "votes_count": sum(votes),
        "voters_count": sum(votes),
        "options": [
            {"title": title, "votes_count": count}
            for title, count in zip(titles, votes, strict=True)
        ],
        "emojis": [],
    }


def card(post: Post, text: Text) -> Json | None:
    if text.link is None or has_media(post):
        return None
    return {
        "url": text.link,
        "title": f"{text.hashtags[0].noun if text.hashtags else 'News'} & more",
        "description": "",
        "language": post.language,
        "type": "link",
        "author_name": "",
        "author_url": "",
        "provider_name": "News Example",
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": None,
        "image_description": "",
        "embed_url": "",
        "blurhash": None,
        "published_at": None,
        "authors": [],
    }


def emojis(words: str, shortcodes: tuple[str, ...], instance: str) -> list[Json]:
    return [
        {
            "shortcode": shortcode,
            "url": f"https://files.{instance}/custom_emojis/{shortcode}.png",
            "static_url": f"https://files.{instance}/custom_emojis/static/{shortcode}.png",
            "visible_in_picker": True,
        }
        for shortcode in shortcodes
        if f":{shortcode}:" in words
    ]
