"""The comment trees of a subreddit's submissions, several at once; one that fails is left for later and holds up no other."""

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from chorus.domain.errors import SourceChanged, SourceError, SourceGone, SourceIncomplete
from chorus.sources.page import Page
from chorus.sources.reddit_client import Answer, Client
from chorus.sources.reddit_errors import is_its_own
from chorus.sources.reddit_events import events_of
from chorus.sources.reddit_place import Place
from chorus.sources.reddit_target import Subreddit
from chorus.sources.reddit_tree import Fold, Unfolding, listed
from chorus.sources.side_by_side import side_by_side

log = logging.getLogger(__name__)

TREES_AT_ONCE = 4
# asyncpraw's own numbers: Reddit gives as much of a tree as it likes to.
SHOW: dict[str, str | int] = {"limit": 2048, "sort": "confidence"}
# Where more threads fail than this it is not the threads.
MOST_LEFT = 10


class _Part(NamedTuple):
    """An answer about a submission's comments; the last one says what could not be had, or why there is no more."""

    submission: str
    page: Page
    ended: Counter[str] | None = None
    failed: SourceError | None = None


@dataclass
class Threads:
    """`counts` says what could not be had of what was given so far."""

    client: Client
    target: Subreddit
    counts: Counter[str]
    _left: dict[str, SourceError] = field(default_factory=dict)

    async def pages(self, submissions: Iterable[str], place: Place) -> AsyncGenerator[Page]:
        """Their comments; `place` is told which were read whole and which were left."""
        wanted = dict.fromkeys(submissions)
        trees = side_by_side((self._tree_or_why_not(one) for one in wanted), TREES_AT_ONCE)
        async with aclosing(trees) as parts:
            async for part in parts:
                if part.failed is not None:
                    self._leave(part.submission, part.failed)
                    place.left.add(part.submission)
                elif part.ended is not None:
                    self.counts.update(part.ended)
                    place.left.discard(part.submission)
                    place.trees.add(part.submission)
                else:
                    yield part.page
                    continue
                yield replace(part.page, goes_on_at=place.written)

    def check(self) -> None:
        """Raise SourceIncomplete where one was left: who reads on from here reads only those."""
        for first, error in self._left.items():
            raise SourceIncomplete(
                f"{self.target}: all is read but {len(self._left)} of its threads, which the next try asks for again; "
                f"of {first} it says: {error}"
            ) from error

    def _leave(self, submission: str, error: SourceError) -> None:
        self._left[submission] = error
        if len(self._left) > MOST_LEFT:
            raise error
        log.warning("%s: the thread %s is left for later: %s", self.target, submission, error)

    async def _tree_or_why_not(self, submission: str) -> AsyncGenerator[_Part]:
        try:
            async with aclosing(self._tree(submission)) as parts:
                async for part in parts:
                    yield part
        except SourceError as error:
            if not is_its_own(error):
                raise
            yield _Part(submission, Page.of(()), failed=error)

    async def _tree(self, submission: str) -> AsyncGenerator[_Part]:
        unfolding = Unfolding(f"t3_{submission}", self.target.comment_budget)
        place = f"{self.target}/comments/{submission}"
        try:
            answer = await self.client.get(f"comments/{submission}/", place, **SHOW)
        except SourceGone:
            yield _Part(submission, Page.of(()), Counter(submissions_gone=1))
            return
        things, counted = _tree_in(answer, place), Counter[str]()
        while True:
            page = self._page(list(unfolding.take(things)), answer)
            fold = unfolding.next_fold()
            if fold is None:
                break
            yield _Part(submission, page)
            try:
                things, answer = await self._unfold(fold, submission, place)
            except SourceGone:
                # Removed while we read it: what was seen of it stays, and the others go on.
                things, counted["folds_gone"] = [], counted["folds_gone"] + 1
        counted["comments_left_folded"] = unfolding.left_folded
        yield _Part(submission, page, counted)

    async def _unfold(
        self, fold: Fold, submission: str, place: str
    ) -> tuple[list[Any], Answer]:
        if fold.goes_on_elsewhere:
            comment = fold.parent.removeprefix("t1_")
            answer = await self.client.get(
                f"comments/{submission}/_/{comment}", f"{place}/{comment}", **SHOW
            )
            return _tree_in(answer, place), answer
        data = {
            "children": ",".join(fold.children),
            "link_id": f"t3_{submission}",
            "sort": str(SHOW["sort"]),
        }
        answer = await self.client.more_comments(place, data)
        try:
            things = answer.body["json"]["data"]["things"]
        except (KeyError, TypeError):
            things = None
        if not isinstance(things, list):
            raise SourceChanged(f"{place}: Reddit unfolds no comments there.")
        return things, answer

    def _page(self, comments: list[dict[str, Any]], answer: Answer) -> Page:
        instance = self.target.instance
        return Page.of(events_of("comment", comments, instance, answer.observed_at))


def _tree_in(answer: Answer, place: str) -> list[Any]:
    """The comments in the answer about a submission: the second of its two listings."""
    if not isinstance(answer.body, list) or len(answer.body) < 2:  # noqa: PLR2004
        raise SourceChanged(f"{place}: Reddit's answer is no submission with its comments.")
    return listed(answer.body[1])
