"""Where the reading of a subreddit stands, in words that ops.reading_progress keeps between two tries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self


class Listing(NamedTuple):
    """A way to list a subreddit, and what is asked of it."""

    name: str
    question: Mapping[str, str]

    def __str__(self) -> str:
        return " ".join([self.name, *self.question.values()])


@dataclass
class Place:
    """A page of a listing, and whose trees are read already or left for another try, whichever listing named them.

    A tree is read whole or again: between two of its answers it is nowhere.
    """

    listing: str = ""
    after: str | None = None
    seen: int = 0
    trees: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, written: Mapping[str, str] | None, listings: Sequence[Listing]) -> Self:
        """What `written` said; the start where that is a listing nobody wants any longer."""
        if written is None or written["listing"] not in map(str, listings):
            return cls()
        trees, left = (set(written.get(names, "").split()) for names in ("trees", "left"))
        return cls(
            written["listing"], written["after"] or None, int(written["seen"]), trees, left
        )

    @property
    def written(self) -> dict[str, str] | None:
        """None at the very start, where nothing is gained by going on from there."""
        if self.after is None and not self.trees and not self.left:
            return None
        return {
            "listing": self.listing,
            "after": self.after or "",
            "seen": str(self.seen),
            "trees": " ".join(sorted(self.trees)),
            "left": " ".join(sorted(self.left)),
        }

    @property
    def cursor(self) -> dict[str, str | int]:
        return {} if self.after is None else {"after": self.after, "count": self.seen}

    def listings_before(self, listings: Sequence[Listing]) -> int:
        names = list(map(str, listings))
        return names.index(self.listing) if self.listing in names else 0

    def at(self, listing: Listing) -> Self:
        """Here, if this is in that listing already; else at its top."""
        here = self.listing == str(listing)
        return self if here else replace(self, listing=str(listing), after=None, seen=0)
