"""A subreddit in one event loop: its listings page by page, and the comment trees of what they list."""

import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chorus.domain.errors import SourceChanged
from chorus.domain.window import Window
from chorus.sources.page import Page
from chorus.sources.reddit_client import Answer, Client
from chorus.sources.reddit_events import created_at, events_of
from chorus.sources.reddit_place import Listing, Place
from chorus.sources.reddit_target import LISTINGS_END, Subreddit
from chorus.sources.reddit_threads import Threads
from chorus.sources.reddit_tree import listed

log = logging.getLogger(__name__)

MOST_A_PAGE = 100
# Removed posts are missing from a listing's thousand, so it ends a little earlier.
NEARLY_THE_END = LISTINGS_END * 9 // 10
SEARCH_ENDS = 200  # was seen to end at 244
# What is hot, rising or on top is that now; a window that ended this long ago gets nothing of it.
STILL_NOW = timedelta(days=1)
NEWEST_FIRST = {"new", "comments", "search"}
# What Reddit calls a thing, with its kind before it or without.
NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass
class Reading:
    """One subreddit, one window. `counts` says what could not be had of what was given so far."""

    client: Client
    target: Subreddit
    window: Window
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._threads = Threads(self.client, self.target, self.counts)

    async def pages(self, after: Mapping[str, str] | None = None) -> AsyncGenerator[Page]:
        """From the start, or from the place on that a page of an earlier try named."""
        listings = list(self._listings())
        place = Place.read(after, listings)
        async with aclosing(self._threads.pages(sorted(place.left), place)) as pages:
            async for page in pages:
                yield page
        for listing in listings[place.listings_before(listings) :]:
            place = place.at(listing)
            async with aclosing(self._listing(listing, place)) as pages:
                async for page in pages:
                    yield page
        self._threads.check()

    def _listings(self) -> Iterator[Listing]:
        past = self.window.until < datetime.now(UTC) - STILL_NOW
        about_now = [name for name in self.target.listings if name not in NEWEST_FIRST]
        if past and about_now:
            log.warning(
                "%s: %s tell only of now, so the window %s is read without them.",
                self.target,
                ", ".join(about_now),
                self.window,
            )
        for name in dict.fromkeys(self.target.listings):
            if not (past and name in about_now):
                yield Listing(name, {"t": self.target.top_of} if name == "top" else {})
        for words in self.target.search:
            newest = {"q": words, "restrict_sr": "1", "sort": "new", "t": "all"}
            yield Listing("search", newest)

    async def _listing(self, listing: Listing, place: Place) -> AsyncGenerator[Page]:
        """From the top, or from `place` on, to the end of the window, of the listing, or of what the target allows."""
        name = listing.name
        kind = "comment" if name == "comments" else "submission"
        goes_on = place.after is not None
        while place.seen < self.target.limit:
            answer = await self.client.get(
                f"r/{self.target.name}/{name}",
                f"{self.target}/{name}",
                limit=min(MOST_A_PAGE, self.target.limit - place.seen),
                **listing.question,
                **place.cursor,
            )
            things = [_data(thing) for thing in listed(answer.body)]
            if goes_on and not things:
                # What the walk was to go on after was removed meanwhile, and Reddit knows no place after it.
                place.after, place.seen, goes_on = None, 0, False
                continue
            goes_on = False
            chosen = [
                thing for thing in things if name not in NEWEST_FIRST or self._holds(thing)
            ]
            yield self._page(kind, chosen, answer, place)
            if kind == "submission":
                wanted = [
                    str(thing["id"])
                    for thing in chosen
                    if self._deserves_its_tree(thing, place)
                ]
                async with aclosing(self._threads.pages(wanted, place)) as pages:
                    async for page in pages:
                        yield page
            after = self._goes_on(listing, answer)
            place.seen += len(things)
            if name in NEWEST_FIRST and self._is_past(things):
                return
            if after is None or not things:
                break
            if after == place.after:
                raise SourceChanged(f"{self.target}/{name} goes in circles at {after}.")
            place.after = after
        nearly_all = SEARCH_ENDS if name == "search" else NEARLY_THE_END
        if name in NEWEST_FIRST and place.seen >= min(self.target.limit, nearly_all):
            self.counts["listings_cut_short"] += 1
            most = "some 250 of a search" if name == "search" else f"{LISTINGS_END:,}"
            why = (
                f"its limit is {self.target.limit:,}"
                if self.target.limit < nearly_all
                else f"Reddit lists no more than {most}"
            )
            log.warning(
                "%s/%s ends after %d without reaching %s: %s, so older ones of this window are missing.",
                self.target,
                name,
                place.seen,
                self.window.since,
                why,
            )

    def _goes_on(self, listing: Listing, answer: Answer) -> str | None:
        after = answer.body["data"].get("after") or None
        if after is None or (isinstance(after, str) and NAME.fullmatch(after)):
            return after
        raise SourceChanged(f"{self.target}/{listing.name} goes on at {str(after)[:60]!r}.")

    def _page(
        self, kind: str, things: list[dict[str, Any]], answer: Answer, at: Place | None = None
    ) -> Page:
        events = events_of(kind, things, self.target.instance, answer.observed_at)
        return Page.of(events, at.written if at else None)

    def _holds(self, thing: Mapping[str, Any]) -> bool:
        created = created_at(thing)
        return created is None or created in self.window

    def _is_past(self, things: list[dict[str, Any]]) -> bool:
        oldest = created_at(things[-1]) if things else None
        return oldest is not None and oldest < self.window.since

    def _deserves_its_tree(self, submission: Mapping[str, Any], place: Place) -> bool:
        known = submission.get("id")
        score, least = submission.get("score"), self.target.minimum_score
        return (
            isinstance(known, str)
            and NAME.fullmatch(known) is not None
            and known not in place.trees
            and known not in place.left
            and submission.get("num_comments") != 0
            and (least is None or not isinstance(score, int) or score >= least)
        )


def _data(thing: Any) -> dict[str, Any]:
    data = thing.get("data") if isinstance(thing, dict) else None
    if not isinstance(data, dict):
        raise SourceChanged(f"A listing of Reddit holds {str(thing)[:60]!r}.")
    return data
