"""A timeline that names a next page for ever, each with posts that are new: what reading it may cost."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from chorus.domain.errors import SourceEndless, SourceUnavailable
from chorus.domain.pace import AT_A_TIME
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources import mastodon_guard
from chorus.sources.http import Answer
from chorus.sources.mastodon import Mastodon
from chorus.sources.mastodon_guard import MOST_PAGES, MOST_TIME, Guard

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
WINDOW = Window(SINCE, SINCE + timedelta(hours=1))
TAG = Target(instance="h", base_url="http://h.example", timeline="hashtag", name="python")


class Endless:
    """One new post a page, newest first, each some microseconds older; a page takes so long."""

    def __init__(self, a_page):
        self.a_page, self.clock, self.pages = a_page.total_seconds(), 0.0, 0

    def get(self, _path, _params=None):
        self.pages += 1
        self.clock += self.a_page
        number = mastodon_number(self.pages)
        created = (WINDOW.until - timedelta(microseconds=self.pages)).isoformat()
        post = {"id": number, "created_at": created}
        return Answer([post], {"max_id": number}, WINDOW.until + timedelta(days=1))


def mastodon_number(page):
    return str((int(WINDOW.until.timestamp() * 1000) << 16) - page)


@pytest.fixture(params=["mastodon 4.5.2", "pleroma 2.7.2"])
def walk(request, monkeypatch):
    """Reads on until somebody else is to have a turn or the walk ends; returns what was read, and that error."""

    def read(server, after=None):
        monkeypatch.setattr(mastodon_guard, "monotonic", lambda: server.clock)
        pages = Mastodon(server, "h", request.param).read(TAG, WINDOW, after)
        kept = []
        with pytest.raises((SourceUnavailable, SourceEndless)) as caught:
            kept.extend(pages)
        return kept, caught.value

    return read


def test_it_ends_after_so_many_pages(walk):
    server = Endless(timedelta(milliseconds=10))
    kept, error = walk(server)
    assert len(kept) == server.pages == MOST_PAGES
    assert isinstance(error, SourceEndless)
    assert "did not end within 10,000 pages: read a shorter window" in str(error)


def test_it_ends_after_so_much_time_in_which_others_had_their_turns(walk):
    server = Endless(timedelta(seconds=100))
    turns, after = [], None
    while True:
        kept, error = walk(server, after)
        turns.append(kept)
        if isinstance(error, SourceEndless):
            break
        assert error.retry_after == timedelta(0)
        after = kept[-1].goes_on_at
    assert len(turns) == MOST_TIME / AT_A_TIME
    assert {len(kept) for kept in turns} == {AT_A_TIME / timedelta(seconds=100)}
    assert "did not end within 6 hours" in str(error)
    # Each of its posts was there once, whoever read it.
    ids = [event.post_id for kept in turns for page in kept for event in page.events]
    assert len(ids) == len(set(ids)) == server.pages


def test_its_pages_are_counted_whoever_reads_them(walk, monkeypatch):
    monkeypatch.setattr(mastodon_guard, "MOST_PAGES", 20)
    server = Endless(AT_A_TIME / 8)
    first, waits = walk(server)
    second, still_waits = walk(server, first[-1].goes_on_at)
    third, ends = walk(server, second[-1].goes_on_at)
    assert [len(first), len(second), len(third)] == [8, 8, 4]
    assert (type(waits), type(still_waits)) == (SourceUnavailable, SourceUnavailable)
    assert isinstance(ends, SourceEndless)


def test_what_is_remembered_of_it_does_not_grow():
    guard, names = Guard("h #python"), count()

    def pages(most):
        for _ in range(most):
            page = [{"id": f"{next(names)}" + "x" * 2_000} for _ in range(500)]
            guard.enter({"max_id": page[-1]["id"]})
            assert len(list(guard.unseen(page))) == 500

    pages(250)
    tracemalloc.start()
    try:
        pages(500)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 15_000_000
