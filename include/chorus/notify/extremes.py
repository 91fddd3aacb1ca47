"""The most positive or most negative posts of a wave, one embed each."""

from collections.abc import Sequence
from typing import Literal

from chorus.domain.window import Window
from chorus.notify.message import Embed, Message
from chorus.notify.summary import scope
from chorus.notify.text import link, quote
from chorus.notify.wave import MoodyPost

Extreme = Literal["most_positive", "most_negative"]
COLORS: dict[Extreme, int] = {"most_positive": 0x2ECC71, "most_negative": 0xE74C3C}
LONGEST_AUTHOR = 80
LONGEST_TEXT = 800


def extremes_message(
    extreme: Extreme, window: Window, sources: Sequence[str], posts: Sequence[MoodyPost]
) -> Message:
    heading = f"{extreme.replace('_', ' ').capitalize()} · {scope(sources, window)}"
    embeds = [
        _embed(place, post, COLORS[extreme], heading) for place, post in enumerate(posts, 1)
    ]
    return Message(tuple(embeds))


def _embed(place: int, post: MoodyPost, color: int, heading: str) -> Embed:
    counts = (
        f"{post.replies:,} replies, {post.reblogs:,} boosts, {post.favourites:,} favourites"
    )
    footer = f"{100 * post.confidence:.0f} % sure · {counts}"
    return Embed(
        title=f"{place}. {quote(post.author, LONGEST_AUTHOR)}",
        description=quote(post.text, LONGEST_TEXT) or "(no text)",
        url=link(post.url),
        color=color,
        footer=f"{footer} · {heading}" if place == 1 else footer,
    )
