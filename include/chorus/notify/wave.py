"""What there is to say about a wave: plain records, filled by the pipeline, worded by its siblings."""

from dataclasses import dataclass

from chorus.domain.window import Window


@dataclass(frozen=True, slots=True)
class Mood:
    """Posts of a window and what they sound like; `mean` is of p(positive) - p(negative)."""

    posts: int = 0
    accounts: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    mean: float | None = None

    @property
    def scored(self) -> int:
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True)
class Hashtag:
    name: str
    posts: int
    posts_before: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    window: Window
    now: Mood
    before: Mood
    last_week: Mood
    hashtags: tuple[Hashtag, ...] = ()
    risers: tuple[Hashtag, ...] = ()
    quality: float | None = None
    seconds: tuple[tuple[str, float], ...] = ()
    run_url: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoodyPost:
    author: str
    text: str
    confidence: float
    replies: int
    reblogs: int
    favourites: int
    url: str | None = None
