"""Conversations: somebody begins, others answer and boost; the same ones each time an hour is asked for."""

from functools import lru_cache
from itertools import accumulate
from math import exp
from random import Random

from chorus.demo.life.accounts import Account
from chorus.demo.life.chance import dice, mix
from chorus.demo.life.federation import arrive, audience
from chorus.demo.life.hashtags import Fashion, Hashtag, rhythm
from chorus.demo.life.instances import SERVED
from chorus.demo.life.moments import DAY, HOUR, MINUTE, SECOND
from chorus.demo.life.posts import Mood, Post

# Nobody answers or boosts later than this, so an hour is shaped by the few hours before it.
LONGEST = 7 * HOUR

_ANSWERED = 0.38
_MOST_REPLIES = 14
_BOOSTED = 0.18
_UNLISTED = 0.09
_EDITED = 0.06
_EDIT_MOVES_A_TAG = 0.3
_DELETED = 0.03
_VIRAL = 0.004
_REPLY_KEEPS_THE_TAG = 0.5


class Conversations:
    """Everything said in the demo network, by the hour in which the conversation began."""

    def __init__(
        self,
        seed: int,
        accounts: tuple[Account, ...],
        hashtags: tuple[Hashtag, ...],
        *,
        an_hour: float,
        remembered: int,
    ) -> None:
        self._seed = seed
        self._accounts = accounts
        self._hashtags = hashtags
        self._an_hour = an_hour
        self._fashion = Fashion(seed, hashtags)
        self._speakers: dict[str | None, tuple[list[Account], list[float]]] = {
            language: _by_activity(accounts, language)
            for language in {h.language for h in hashtags}
        }
        self.begun_in = lru_cache(maxsize=remembered)(self._begin)

    def _begin(self, hour: int) -> list[Post]:
        roll = dice(self._seed, 5, hour)
        expected = self._an_hour * rhythm(hour)
        count = int(expected) + (roll.random() < expected % 1)
        weights = list(accumulate(self._fashion.weights(hour)))
        return [post for _ in range(count) for post in self._conversation(roll, hour, weights)]

    def _conversation(self, roll: Random, hour: int, weights: list[float]) -> list[Post]:
        tags = roll.choices(
            self._hashtags, cum_weights=weights, k=roll.choice((1, 1, 1, 2, 2, 3))
        )
        author = self._speaker(roll, tags[0].language)
        root = self._post(
            roll,
            author,
            created=hour * HOUR + roll.randrange(HOUR),
            language=tags[0].language or author.language,
            mood=self._mood(roll, tags[0], hour),
            hashtags=tuple(dict.fromkeys(tag.index for tag in tags)),
        )
        root.conversation.append(root)
        reached = audience(roll, author.home)
        arrive(roll, root, reached, may_be_fetched=True)
        if roll.random() < _ANSWERED:
            for _ in range(min(_MOST_REPLIES, 1 + int(roll.expovariate(0.55)))):
                self._reply(roll, root, reached)
        while roll.random() < _BOOSTED:
            self._boost(roll, root, reached)
        return root.conversation

    def _reply(self, roll: Random, root: Post, reached: frozenset[str]) -> None:
        said = [post for post in root.conversation if post.boosted is None]
        parent = said[-1] if roll.random() < 0.5 else roll.choice(said)  # noqa: PLR2004
        author = self._listener(roll, root, reached)
        created = _heard(author, parent) + int(roll.expovariate(1 / (20 * MINUTE))) + 5 * SECOND
        if created > root.created + LONGEST:
            return
        kept = roll.random() < _REPLY_KEEPS_THE_TAG
        reply = self._post(
            roll,
            author,
            created=created,
            language=root.language,
            mood=parent.mood if roll.random() < 0.4 else Mood(roll.randint(-1, 1)),  # noqa: PLR2004
            hashtags=root.hashtags[:1] if kept else (),
            topic=root.topic,
        )
        reply.parent = parent
        reply.conversation = root.conversation
        root.conversation.append(reply)
        arrive(roll, reply, reached)

    def _boost(self, roll: Random, root: Post, reached: frozenset[str]) -> None:
        author = self._listener(roll, root, reached)
        created = _heard(author, root) + int(roll.expovariate(1 / HOUR)) + 5 * SECOND
        if created > root.created + LONGEST:
            return
        boost = Post(mix(roll.getrandbits(64)), author, created, root.language, root.mood, ())
        boost.boosted = root
        boost.conversation = root.conversation
        root.conversation.append(boost)
        arrive(roll, boost, reached)

    def _post(
        self,
        roll: Random,
        author: Account,
        *,
        created: int,
        language: str,
        mood: Mood,
        hashtags: tuple[int, ...],
        topic: int | None = None,
    ) -> Post:
        liked = exp(roll.gauss(0.3, 1.2)) * author.reach(created)
        if roll.random() < _VIRAL:
            liked *= roll.uniform(30, 120)
        post = Post(
            salt=roll.getrandbits(64),
            author=author,
            created=created,
            language=language,
            mood=mood,
            hashtags=hashtags,
            topic=hashtags[0] if topic is None else topic,
            visibility="unlisted" if roll.random() < _UNLISTED else "public",
            favourites=int(liked),
            extra_boosts=int(liked * roll.uniform(0.1, 0.5)),
        )
        if roll.random() < _EDITED:
            post.edited = created + MINUTE + int(roll.expovariate(1 / (2 * HOUR)))
            if hashtags and roll.random() < _EDIT_MOVES_A_TAG:
                moved = (roll.randrange(len(self._hashtags)), *hashtags[1:])
                post.edited_hashtags = tuple(dict.fromkeys(moved))
        if roll.random() < _DELETED:
            post.deleted = created + 5 * MINUTE + int(roll.expovariate(2 / DAY))
        return post

    def _mood(self, roll: Random, hashtag: Hashtag, hour: int) -> Mood:
        """Each hashtag has better and worse days."""
        luck = (mix(self._seed, 6, hashtag.index, hour // 24) % 1000 / 1000 - 0.5) * 0.5
        (mood,) = roll.choices(list(Mood), (0.27 - luck / 2, 0.33, 0.40 + luck / 2))
        return mood

    def _speaker(self, roll: Random, language: str | None) -> Account:
        accounts, activity = self._speakers[language]
        return roll.choices(accounts, cum_weights=activity)[0]

    def _listener(self, roll: Random, root: Post, reached: frozenset[str]) -> Account:
        """Somebody whose server has the conversation; else its author goes on alone."""
        for _ in range(4):
            account = self._speaker(roll, self._hashtags[root.topic].language)
            if account.home in reached or account.home not in SERVED:
                return account
        return root.author


def _by_activity(
    accounts: tuple[Account, ...], language: str | None
) -> tuple[list[Account], list[float]]:
    speakers = [a for a in accounts if language in (None, a.language)] or list(accounts)
    return speakers, list(accumulate(a.posts_a_day for a in speakers))


def _heard(account: Account, post: Post) -> int:
    return post.arrivals.get(account.home, post.created)
