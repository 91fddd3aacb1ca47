"""One post (or boost) of the demo network: what is fixed when it is written, and what it is by a moment."""

from dataclasses import dataclass, field
from enum import IntEnum

from chorus.demo.life.accounts import Account


class Mood(IntEnum):
    NEGATIVE = -1
    NEUTRAL = 0
    POSITIVE = 1


@dataclass(slots=True, eq=False)
class Post:
    """`arrivals` says when each server that has it heard of it."""

    salt: int
    author: Account
    created: int
    language: str
    mood: Mood
    hashtags: tuple[int, ...]
    visibility: str = "public"
    topic: int = 0
    parent: "Post | None" = None
    boosted: "Post | None" = None
    edited: int | None = None
    edited_hashtags: tuple[int, ...] | None = None
    deleted: int | None = None
    favourites: int = 0
    extra_boosts: int = 0
    arrivals: dict[str, int] = field(default_factory=dict)
    # Everything said and boosted in this conversation, in order of creation; shared by all its posts.
    conversation: "list[Post]" = field(default_factory=list)

    def is_gone(self, now: int) -> bool:
        """A boost goes with what it boosts."""
        if self.boosted is not None and self.boosted.is_gone(now):
            return True
        return self.deleted is not None and self.deleted <= now

    def is_edited(self, now: int) -> bool:
        return self.edited is not None and self.edited <= now

    def hashtags_at(self, now: int) -> tuple[int, ...]:
        if self.edited_hashtags is not None and self.is_edited(now):
            return self.edited_hashtags
        return self.hashtags

    def replies(self) -> "list[Post]":
        return [post for post in self.conversation if post.parent is self]

    def boosts(self) -> "list[Post]":
        return [post for post in self.conversation if post.boosted is self]
