"""Hashtags that rise and fall: a daily rhythm, waves of days, and bursts of a few hours."""

from dataclasses import dataclass
from functools import lru_cache
from math import pi, sin
from pathlib import Path

from chorus.demo.life.chance import dice, mix

VOCABULARY = Path(__file__).with_name("hashtags.txt")
_BURSTS_A_DAY = 0.03
_RHYTHM = 0.3


@dataclass(frozen=True, slots=True)
class Hashtag:
    index: int
    shown: str
    language: str | None

    @property
    def name(self) -> str:
        return self.shown.lower()

    @property
    def noun(self) -> str:
        """As a sentence would say it: DataEngineering is "Data Engineering"."""
        words = "".join(f" {c}" if c.isupper() and i else c for i, c in enumerate(self.shown))
        return self.shown if self.shown.isupper() else words.replace("_", "")


def vocabulary(size: int) -> tuple[Hashtag, ...]:
    """The first `size` hashtags, most used first; beyond those we thought of they are numbered."""
    lines = [
        line.split()
        for line in VOCABULARY.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    known = [(words[0], words[1] if words[1:] else None) for words in lines]
    invented = [(f"Topic{number}", None) for number in range(len(known) + 1, size + 1)]
    chosen = (known + invented)[:size]
    return tuple(Hashtag(index, *shown) for index, shown in enumerate(chosen))


def rhythm(hour: int) -> float:
    """How busy the whole network is in an hour since 1970: 1 on average, least at night."""
    return 1 + _RHYTHM * sin(2 * pi * (hour - 9) / 24)


class Fashion:
    """How much each hashtag is used in each hour."""

    def __init__(self, seed: int, hashtags: tuple[Hashtag, ...]) -> None:
        self._seed = seed
        self._hashtags = hashtags
        self._popularity: list[float] = [(tag.index + 4) ** -0.8 for tag in hashtags]
        self._bursts_of = lru_cache(maxsize=32)(self._make_bursts)

    def weights(self, hour: int) -> list[float]:
        bursts = self._bursts_of(hour // 24)
        return [
            self._wave(hashtag, hour) * bursts.get((hashtag.index, hour % 24), 1.0)
            for hashtag in self._hashtags
        ]

    def _wave(self, hashtag: Hashtag, hour: int) -> float:
        noise = mix(self._seed, 1, hashtag.index)
        period = 72 + noise % 400
        phase = (noise >> 16) % period
        peak = (noise >> 32) % 24
        wave = 1 + 0.7 * sin(2 * pi * (hour + phase) / period)
        daily = 1 + 0.5 * sin(2 * pi * (hour - peak) / 24)
        return wave * daily * self._popularity[hashtag.index]

    def _make_bursts(self, day: int) -> dict[tuple[int, int], float]:
        """(hashtag, hour of the day) -> how many times its usual use."""
        bursts = {}
        for hashtag in self._hashtags:
            roll = dice(self._seed, 2, day, hashtag.index)
            if roll.random() < _BURSTS_A_DAY:
                start, length = roll.randrange(20), roll.randint(2, 4)
                bursts.update(
                    {
                        (hashtag.index, hour): roll.uniform(4, 9)
                        for hour in range(start, start + length)
                    }
                )
        return bursts
