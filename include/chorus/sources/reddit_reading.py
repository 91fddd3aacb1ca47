"""A subreddit in one event loop: its listings page by page, and the comment trees of what they list side by side."""

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chorus.domain.errors import SourceChanged, SourceGone
from chorus.domain.window import Window
from chorus.sources.page import Page
from chorus.sources.reddit_client import Answer, Client
from chorus.sources.reddit_events import created_at, events_of
from chorus.sources.reddit_target import LISTINGS_END, Subreddit
from chorus.sources.reddit_tree import Fold, Unfolding, listed
from chorus.sources.side_by_side import side_by_side

log = logging.getLogger(__name__)

MOST_A_PAGE = 100
TREES_AT_ONCE = 4
# asyncpraw's own numbers: Reddit gives as much of a tree as it likes to.
SHOW: dict[str, str | int] = {"limit": 2048, "sort": "confidence"}
# Removed posts are missing from a listing's thousand, so it ends a little earlier.
NEARLY_THE_END = LISTINGS_END * 9 // 10
# What is hot, rising or on top is that now; a window that ended this long ago gets nothing of it.
STILL_NOW = timedelta(days=1)
NEWEST_FIRST = {"new", "comments", "search"}


@dataclass
class Reading:
    """One subreddit, one window. `counts` says what could not be had, and is complete when the reading is."""

    client: Client
    target: Subreddit
    window: Window
    counts: Counter[str] = field(default_factory=Counter)
    _trees: set[str] = field(default_factory=set)

    async def pages(self) -> AsyncGenerator[Page]:
        for listing, question in self._listings():
            async for page in self._listing(listing, question):
                yield page

    def _listings(self) -> list[tuple[str, dict[str, str]]]:
        past = self.window.until < datetime.now(UTC) - STILL_NOW
        about_now = [name for name in self.target.listings if name not in NEWEST_FIRST]
        if past and about_now:
            log.warning(
                "%s: %s tell only of now, so the window %s is read without them.",
                self.target,
                ", ".join(about_now),
                self.window,
            )
        top_of: dict[str, str] = {"t": self.target.top_of}
        wanted: list[tuple[str, dict[str, str]]] = [
            (name, top_of if name == "top" else {})
            for name in dict.fromkeys(self.target.listings)
            if not (past and name in about_now)
        ]
        searches = [
            ("search", {"q": words, "restrict_sr": "1", "sort": "new", "t": "all"})
            for words in self.target.search
        ]
        return [*wanted, *searches]

    async def _listing(self, name: str, question: Mapping[str, str]) -> AsyncGenerator[Page]:
        """From the top to the end of the window, of the listing, or of what the target allows."""
        path = f"r/{self.target.name}/{name}"
        kind = "comment" if name == "comments" else "submission"
        seen = 0
        cursor: dict[str, str | int] = {}
        while seen < self.target.limit:
            most = min(MOST_A_PAGE, self.target.limit - seen)
            answer = await self.client.get(
                path, f"{self.target}/{name}", limit=most, **question, **cursor
            )
            things = [_data(thing) for thing in listed(answer.body)]
            seen += len(things)
            chosen = [
                thing for thing in things if name not in NEWEST_FIRST or self._holds(thing)
            ]
            yield self._page(kind, chosen, answer)
            if kind == "submission":
                async for page in self._trees_of(chosen):
                    yield page
            after = answer.body["data"].get("after")
            if name in NEWEST_FIRST and self._is_past(things):
                return
            if not after or not things:
                break
            if after == cursor.get("after"):
                raise SourceChanged(f"{self.target}/{name} goes in circles at {after}.")
            cursor = {"after": str(after), "count": seen}
        if name in NEWEST_FIRST and seen >= min(self.target.limit, NEARLY_THE_END):
            self.counts["listings_cut_short"] += 1
            log.warning(
                "%s/%s ends after %d without reaching %s: Reddit lists no more than %s, so older ones "
                "of this window are missing.",
                self.target,
                name,
                seen,
                self.window.since,
                f"{LISTINGS_END:,}",
            )

    async def _trees_of(self, submissions: list[dict[str, Any]]) -> AsyncGenerator[Page]:
        wanted = [thing for thing in submissions if self._deserves_its_tree(thing)]
        self._trees.update(thing["id"] for thing in wanted)
        async for page in side_by_side(
            (self._tree(str(thing["id"])) for thing in wanted), TREES_AT_ONCE
        ):
            yield page

    async def _tree(self, submission: str) -> AsyncGenerator[Page]:
        unfolding = Unfolding(f"t3_{submission}", self.target.comment_budget)
        place = f"{self.target}/comments/{submission}"
        try:
            answer = await self.client.get(f"comments/{submission}/", place, **SHOW)
        except SourceGone:
            self.counts["submissions_gone"] += 1
            return
        yield self._page("comment", list(unfolding.take(_tree_in(answer, place))), answer)
        while (fold := unfolding.next_fold()) is not None:
            things, answer = await self._unfold(fold, submission, place)
            yield self._page("comment", list(unfolding.take(things)), answer)
        self.counts["comments_left_folded"] += unfolding.left_folded

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
        except (KeyError, TypeError) as error:
            raise SourceChanged(f"{place}: Reddit unfolds no comments there.") from error
        return list(things), answer

    def _page(self, kind: str, things: list[dict[str, Any]], answer: Answer) -> Page:
        return Page.of(events_of(kind, things, self.target.instance, answer.observed_at))

    def _holds(self, thing: Mapping[str, Any]) -> bool:
        created = created_at(thing)
        return created is None or created in self.window

    def _is_past(self, things: list[dict[str, Any]]) -> bool:
        oldest = created_at(things[-1]) if things else None
        return oldest is not None and oldest < self.window.since

    def _deserves_its_tree(self, submission: Mapping[str, Any]) -> bool:
        known = submission.get("id")
        score, least = submission.get("score"), self.target.minimum_score
        return (
            bool(known)
            and known not in self._trees
            and submission.get("num_comments") != 0
            and (least is None or not isinstance(score, int) or score >= least)
        )


def _data(thing: Any) -> dict[str, Any]:
    data = thing.get("data") if isinstance(thing, dict) else None
    if not isinstance(data, dict):
        raise SourceChanged(f"A listing of Reddit holds {str(thing)[:60]!r}.")
    return data


def _tree_in(answer: Answer, place: str) -> list[Any]:
    """The comments in the answer about a submission: the second of its two listings."""
    if not isinstance(answer.body, list) or len(answer.body) < 2:  # noqa: PLR2004
        raise SourceChanged(f"{place}: Reddit's answer is no submission with its comments.")
    return listed(answer.body[1])
