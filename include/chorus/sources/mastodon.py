"""Mastodon, and whatever speaks its API: hashtag timelines, the public timeline, single accounts.

API: https://docs.joinmastodon.org/methods/timelines/
Limits: 300 requests per 5 minutes and address, as a rule; 40 posts a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from chorus.domain.errors import SourceChanged
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources.http import Http
from chorus.sources.mastodon_events import events_of, name_of, statuses_in
from chorus.sources.mastodon_guard import Guard
from chorus.sources.mastodon_software import what_runs
from chorus.sources.mastodon_walk import CATCH_UP, ByLink, BySnowflake, Cursor, Walk
from chorus.sources.page import Page


@dataclass(frozen=True)
class Mastodon:
    """One instance. `software` is what it was seen to run, where that is known already."""

    http: Http
    instance: str
    software: str | None = None
    limit: int = 40
    late: timedelta = CATCH_UP

    def read(
        self, target: Target, window: Window, after: Cursor | None = None
    ) -> Iterator[Page]:
        """All posts of the window, page by page; from `after` on, where an earlier page said that it goes on there."""
        path, always = self._timeline(target)
        walk = self._walk(target, window)
        guard = Guard(str(target))
        cursor: Cursor | None = guard.take_up(after or walk.start())
        while cursor is not None:
            guard.enter(cursor)
            answer = self.http.get(path, {**walk.query(cursor), **always})
            statuses = statuses_in(answer.body, str(target))
            cursor = walk.go_on(cursor, answer)
            looks = [
                look
                for status in guard.unseen(statuses)
                if walk.holds(status)
                for look in events_of(status, self.instance, answer.observed_at)
            ]
            yield Page.of(looks, guard.hand_on(cursor))

    def _walk(self, target: Target, window: Window) -> Walk:
        software = self.software or what_runs(self.http)
        if software.startswith("mastodon "):
            return BySnowflake(window, self.limit, self.late, _late_ones(target))
        return ByLink(window, self.limit)

    def _timeline(self, target: Target) -> tuple[str, Mapping[str, str]]:
        if target.timeline == "hashtag":
            return f"/api/v1/timelines/tag/{quote(target.name, safe='')}", {}
        if target.timeline == "public":
            local = {"local": "true"} if target.name == "local" else {}
            return "/api/v1/timelines/public", local
        account = self.http.get("/api/v1/accounts/lookup", {"acct": target.name}).body
        name = name_of(account) if isinstance(account, dict) else None
        if not isinstance(name, str) or not name:
            raise SourceChanged(f"{target}: the server knows the account but not its id.")
        return f"/api/v1/accounts/{quote(name, safe='')}/statuses", {}


def _late_ones(target: Target) -> Mapping[str, str] | None:
    """How to ask a timeline for the posts that can arrive late: those of other servers, which an account does not tell."""
    if target.timeline == "account":
        return {}
    return None if (target.timeline, target.name) == ("public", "local") else {"remote": "true"}
