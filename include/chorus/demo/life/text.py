"""What a post says: its sentences, its mention, its link, and what was added when it was edited."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from chorus.demo.life.accounts import Account
from chorus.demo.life.chance import dice
from chorus.demo.life.hashtags import Hashtag
from chorus.demo.life.instances import ELSEWHERE
from chorus.demo.life.posts import Post

WORDING = Path(__file__).with_name("wording.toml")
EMOJI = ("blobcat", "verified_paw", "rust", "tea")

_HOSTILE = 0.015
_LINKED = 0.12
_SPOILERED = 0.04
_EMOJI = 0.06


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; how they become HTML is the server's business."""

    paragraphs: tuple[str, ...]
    hashtags: tuple[Hashtag, ...]
    mention: Account | None
    link: str | None
    emoji: tuple[str, ...]
    spoiler: str

    @property
    def plain(self) -> str:
        start = f"@{self.mention.username} " if self.mention else ""
        end = [self.link] if self.link else []
        end += [f"#{hashtag.shown}" for hashtag in self.hashtags]
        return " ".join([start + "\n\n".join(self.paragraphs), *end])


@cache
def wording() -> dict[str, Any]:
    with WORDING.open("rb") as file:
        return tomllib.load(file)


def text_of(post: Post, hashtags: tuple[Hashtag, ...], now: int) -> Text:
    roll = dice(post.salt, 7)
    noun = hashtags[post.topic].noun
    phrases = wording()[post.language][post.mood.name.lower()]
    paragraphs = [
        " ".join(_say(roll, phrase, noun) for phrase in sentences)
        for sentences in _paragraphs(roll, phrases, long_winded=post.author.home == ELSEWHERE)
    ]
    if roll.random() < _HOSTILE:
        paragraphs.append(roll.choice(wording()["hostile"]))
    emoji = tuple(roll.sample(EMOJI, 1)) if roll.random() < _EMOJI else ()
    if emoji:
        paragraphs[0] += f" :{emoji[0]}:"
    link = (
        f"https://news.example/{roll.randrange(10**6)}?a=1&b=2"
        if roll.random() < _LINKED
        else None
    )
    spoiler = noun if roll.random() < _SPOILERED else ""
    if post.is_edited(now):
        paragraphs.append("Edit: " + _say(roll, roll.choice(phrases), noun))
    return Text(
        paragraphs=tuple(paragraphs),
        hashtags=tuple(hashtags[index] for index in post.hashtags_at(now)),
        mention=post.parent.author if post.parent else None,
        link=link,
        emoji=emoji,
        spoiler=spoiler,
    )


def _paragraphs(roll: Random, phrases: list[str], *, long_winded: bool) -> list[list[str]]:
    """One or two sentences mostly; a server without a limit now and then sends pages."""
    kind = roll.random()
    if long_winded and kind < 0.08:  # noqa: PLR2004
        return [roll.choices(phrases, k=4) for _ in range(roll.randint(2, 9))]
    if kind < 0.2:  # noqa: PLR2004
        first, second, third = roll.sample(phrases, 3)
        return [[first, second], [third]]
    return [roll.sample(phrases, roll.choice((1, 1, 2)))]


def _say(roll: Random, phrase: str, noun: str) -> str:
    return phrase.replace("{noun}", noun).replace("{n}", str(roll.randint(2, 59)))
