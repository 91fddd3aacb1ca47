"""A submission's comments, unfolded: what Reddit shows of the tree, and what it keeps behind "more comments".

Answers go through here one at a time and nothing of them is kept but the ids that are still folded, so that a thread of
a hundred thousand comments takes no more memory than its largest answer.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chorus.domain.errors import SourceChanged

Thing = Mapping[str, Any]


class Fold(NamedTuple):
    """Comments that an answer left out: their ids, or (where it names none) all below one comment."""

    minus_count: int
    order: int
    children: tuple[str, ...]
    parent: str

    @property
    def goes_on_elsewhere(self) -> bool:
        """Reddit's "continue this thread"."""
        return not self.children


@dataclass
class Unfolding:
    """The most comments for the next request first; no fold is asked for twice."""

    submission: str
    budget: int | None
    _folds: list[Fold] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _asked: set[int] = field(default_factory=set)
    _never_told: int = 0

    def take(self, things: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """The comments of an answer, parents first, each without the replies below it."""
        waiting = list(things)[::-1]
        while waiting:
            kind, thing = _opened(self.submission, waiting.pop())
            if kind == "more":
                self._fold(thing)
            elif kind == "t1":
                waiting.extend(below(thing)[::-1])
                yield {name: thing[name] for name in thing if name != "replies"}

    def next_fold(self) -> Fold | None:
        """What to ask for next; None where all is unfolded or the budget is spent."""
        if not self._folds or self.budget == 0:
            return None
        if self.budget is not None:
            self.budget -= 1
        fold = heapq.heappop(self._folds)
        self._asked.add(hash((fold.parent, fold.children)))
        return fold

    @property
    def left_folded(self) -> int:
        """How many comments, by Reddit's own count, could not be had; at least one a fold."""
        return self._never_told + sum(
            max(-fold.minus_count, len(fold.children), 1) for fold in self._folds
        )

    def _fold(self, more: Thing) -> None:
        children = more.get("children")
        if not isinstance(children, list):
            raise SourceChanged(f"{self.submission}: a fold of comments does not list them.")
        parent = str(more.get("parent_id"))
        named = tuple(str(child) for child in children)
        # What an answer had no room for comes as another, smaller fold; the same one again would never end.
        count = more.get("count")
        folded = count if isinstance(count, int) else len(named)
        known = hash((parent, named))
        if known in self._known:
            if known in self._asked:
                self._never_told += max(folded, len(named), 1)
            return
        self._known.add(known)
        heapq.heappush(self._folds, Fold(-folded, len(self._known), named, parent))


def below(comment: Thing) -> list[Any]:
    """The replies in an answer; where there are none Reddit says so with an empty text."""
    replies = comment.get("replies")
    return listed(replies) if isinstance(replies, dict) else []


def listed(listing: Any) -> list[Any]:
    """The things in a listing; SourceChanged where it is none."""
    inside = listing.get("data") if isinstance(listing, dict) else None
    children = inside.get("children") if isinstance(inside, dict) else None
    if not isinstance(children, list):
        raise SourceChanged("Reddit answered with something that is no listing.")
    return children


def _opened(submission: str, thing: Any) -> tuple[str, Thing]:
    data = thing.get("data") if isinstance(thing, dict) else None
    if not isinstance(data, dict):
        raise SourceChanged(f"{submission}: among its comments is {str(thing)[:60]!r}.")
    return str(thing.get("kind")), data
