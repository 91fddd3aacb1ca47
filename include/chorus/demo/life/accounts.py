"""The people of the demo network, who change their names and gain and lose followers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp, log10

from chorus.demo.life.chance import dice, mix
from chorus.demo.life.instances import ELSEWHERE, MASTODON, ULID
from chorus.demo.life.moments import BIRTH, DAY, HOUR, SECOND
from chorus.demo.life.names import display_names, first_name, username

_HOMES = ((MASTODON, 0.55), (ULID, 0.15), (ELSEWHERE, 0.30))
_LANGUAGES = {
    "en": 0.52, "de": 0.11, "ja": 0.09, "es": 0.07, "fr": 0.07,
    "pt": 0.05, "ar": 0.03, "hi": 0.03, "zh": 0.03,
}  # fmt: skip
_TIERS = (10_000, 100_000, 1_000_000)
# One in so many accounts swings around the edge of a tier: it grows, then loses bots and sleepers.
_SWINGERS = 40


@dataclass(frozen=True, slots=True)
class Account:
    """Who somebody is, and everything needed to say how they look at any moment."""

    index: int
    salt: int
    home: str
    username: str
    language: str
    created: int
    names: tuple[str, ...]
    renames_every: int
    first_followers: int
    followers_a_day: float
    swings_around: int | None
    posts_a_day: float
    bot: bool

    @property
    def uri(self) -> str:
        return f"https://{self.home}/users/{self.username}"

    @property
    def url(self) -> str:
        return f"https://{self.home}/@{self.username}"

    def acct(self, seen_from: str) -> str:
        return self.username if seen_from == self.home else f"{self.username}@{self.home}"

    def display_name(self, now: int) -> str:
        turn = (now + self.salt % self.renames_every) // self.renames_every
        return self.names[turn % len(self.names)]

    def followers(self, now: int) -> int:
        days = (now - now % HOUR - self.created) / DAY
        if self.swings_around is None:
            return max(0, int(self.first_followers + self.followers_a_day * days))
        period = 7 + self.salt % 30
        return int(self.swings_around * (0.92 + 0.16 * (days % period) / period))

    def following(self, now: int) -> int:
        return 20 + self.salt % 900 + int((now - self.created) / DAY / (3 + self.salt % 40))

    def statuses(self, now: int) -> int:
        return int(self.posts_a_day * (now - now % HOUR - self.created) / DAY)

    def reach(self, now: int) -> float:
        """How much further than a beginner's their posts go."""
        return 0.5 + log10(self.followers(now) + 1) / 2


def population(seed: int, size: int) -> tuple[Account, ...]:
    return tuple(_account(seed, index) for index in range(size))


def _account(seed: int, index: int) -> Account:
    roll = dice(seed, 3, index)
    (home,) = roll.choices([h for h, _ in _HOMES], [w for _, w in _HOMES])
    (language,) = roll.choices([*_LANGUAGES], [*_LANGUAGES.values()])
    first = first_name(roll)
    posts_a_day = exp(roll.gauss(1.8, 0.7))
    first_followers = int(exp(roll.gauss(5.5, 1.9)))
    created = _midnight(BIRTH - roll.randrange(1, 1200) * DAY)
    return Account(
        index=index,
        salt=mix(seed, 4, index),
        home=home,
        username=username(roll, first, index),
        language=language,
        created=created,
        names=display_names(roll, first, index),
        renames_every=roll.randint(20, 200) * DAY,
        first_followers=first_followers,
        followers_a_day=first_followers * roll.uniform(0, 0.002) + roll.uniform(0, 0.3),
        swings_around=roll.choice(_TIERS) if index % _SWINGERS == _SWINGERS // 2 else None,
        posts_a_day=posts_a_day,
        bot=roll.random() < 0.04,  # noqa: PLR2004 - one account in twenty-five is a bot
    )


def _midnight(moment: int) -> int:
    """Mastodon tells only the day on which an account was made."""
    day = datetime.fromtimestamp(moment // SECOND, UTC).date()
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
