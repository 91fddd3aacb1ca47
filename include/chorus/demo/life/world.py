"""The whole demo network at once: who there is, what they talk about, what each server has of it."""

from chorus.demo.life.accounts import population
from chorus.demo.life.conversations import Conversations
from chorus.demo.life.hashtags import vocabulary
from chorus.demo.life.ids import Snowflakes, Ulids
from chorus.demo.life.instances import MASTODON, ULID
from chorus.demo.life.timeline import Timeline

SEED = 1337
POSTS_PER_HOUR = 450.0

# How many conversations begin for each tagged public post that mastodon.demo hears of.
_CONVERSATIONS_PER_POST = 0.81
# So many posts stay in memory (roughly a kilobyte each), and at least a day and a half.
_REMEMBERED_POSTS = 150_000


class World:
    """Everything is a function of these four numbers and the moment at which one looks."""

    def __init__(
        self,
        seed: int = SEED,
        *,
        posts_per_hour: float = POSTS_PER_HOUR,
        users: int = 1000,
        hashtags: int = 150,
    ) -> None:
        self.seed = seed
        self.accounts = population(seed, users)
        self.hashtags = vocabulary(hashtags)
        self.hashtags_by_name = {hashtag.name: hashtag for hashtag in self.hashtags}
        remembered = max(36, int(_REMEMBERED_POSTS / max(1.0, posts_per_hour)))
        self.conversations = Conversations(
            seed,
            self.accounts,
            self.hashtags,
            an_hour=posts_per_hour * _CONVERSATIONS_PER_POST,
            remembered=remembered,
        )
        self.timelines = {
            MASTODON: Timeline(
                MASTODON, Snowflakes(), self.conversations, remembered=remembered
            ),
            ULID: Timeline(ULID, Ulids(), self.conversations, remembered=remembered),
        }
