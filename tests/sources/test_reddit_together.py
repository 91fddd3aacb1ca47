"""Subreddits side by side in one event loop, from a server to bronze."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest
from aiohttp import web

from chorus.config import Settings
from chorus.domain.errors import SourceChanged, SourceGone, SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines import extract as pipeline
from chorus.pipelines.extract_together import extract_all, extract_patiently
from chorus.pipelines.gate import SharedGate
from chorus.sources import reddit, reddit_threads
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import MadeUp, everything_in, kept_in
from tests.sources.reddit_replay import replay
from tests.sources.test_reddit_failures import SLOWED, breaks_off, says

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _at_once(warehouse_settings, monkeypatch):
    """Nothing waits: Reddit named no budget, and who tries again does so at once."""
    with connect(warehouse_settings, autocommit=True) as shared:
        SharedGate(shared, "reddit", "reddit.example").answered(None)
    monkeypatch.setattr(
        "asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None
    )
    monkeypatch.setattr("chorus.sources.reddit_client.nap", lambda _: 0.0)


@pytest.fixture
def read(warehouse, warehouse_settings):
    """Yields each subreddit's name as it ends, with its counts or its error."""

    def reading(url, *names, run="run/1", **wanted):
        where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
        where |= {"listings": ["new"], **wanted}
        targets = [{"name": name, **where} for name in names]
        for target, ended in extract_all(warehouse, warehouse_settings, targets, WINDOW, run):
            yield target["name"], ended

    return reading


@pytest.fixture
def stored(warehouse):
    return partial(kept_in, warehouse)


def test_one_that_is_slow_holds_up_no_other(read, stored):
    others = {f"well{number}": 3 for number in range(9)}
    sizes = {"slow": 2, **others}
    come = asyncio.Event()
    server = MadeUp(sizes)

    async def at_last(request):
        await come.wait()
        return await server.newest(request, "slow")

    server.instead = {"/r/slow/new": at_last}
    ended = []
    with replay(answers=server) as (url, replayed):
        for name, counts in read(url, *sizes):
            ended.append(name)
            if len(ended) == len(others):
                assert stored() == everything_in(others)
                replayed.loop.call_soon_threadsafe(come.set)
            assert counts["requests"] == 1 + 2 * sizes[name]
            assert counts["events_new"] >= 5 * sizes[name]
    assert ended[-1] == "slow"
    assert stored() == everything_in(sizes)


@pytest.mark.parametrize(
    ("answer", "named", "sentence"),
    [
        (says(429, headers=SLOWED), SourceUnavailable, "429 and asks for 240 s"),
        (says(403, text='{"reason": "private"}'), SourceRefused, "private or quarantined"),
        (says(404, text='{"reason": "banned"}'), SourceGone, "banned, misspelt"),
        (says(500), SourceUnavailable, r"not well \(500\)"),
        (breaks_off, SourceUnavailable, "did not answer whole"),
        (says(200, text='{"kind": "Lis'), SourceChanged, "did not answer with JSON"),
    ],
    ids=["429", "private", "banned", "500", "truncated", "no JSON"],
)
def test_one_that_fails_says_how_and_the_others_are_loaded(
    read, stored, warehouse, answer, named, sentence
):
    sizes = {"first": 3, "well": 2}
    others_are_read = asyncio.Event()

    async def fails_last(request):
        # What asks us to slow down means everybody, so the others come first.
        await others_are_read.wait()
        return await answer(request)

    server = MadeUp(sizes, instead={"/r/sick/new": fails_last})
    found = {}
    with replay(answers=server) as (url, replayed):
        for name, ended in read(url, "first", "sick", "well"):
            found[name] = ended
            if len(found) == len(sizes):
                replayed.loop.call_soon_threadsafe(others_are_read.set)
    assert stored() == everything_in(sizes)
    with pytest.raises(named, match=sentence) as caught:
        raise found["sick"]
    assert type(caught.value) is named
    steps = warehouse.execute(
        "select target, state, error_class from bronze.pipeline_steps order by target"
    ).fetchall()
    assert steps == [
        ("reddit.example r/first", "success", None),
        ("reddit.example r/sick", "failed", named.__name__),
        ("reddit.example r/well", "success", None),
    ]


def test_what_the_warehouse_has_not_taken_yet_is_not_read_ahead(read, stored, monkeypatch):
    sizes = {f"long{number}": 14 for number in range(6)}
    keep, kept, ahead = pipeline.keep, [], []

    with replay(answers=MadeUp(sizes)) as (url, replayed):

        def slowly(*how):
            kept.append(1)
            if len(kept) == 40:
                before = None
                while before != (before := len(replayed.asked)):
                    time.sleep(0.5)
                ahead.append(before - len(kept))
            return keep(*how)

        monkeypatch.setattr(pipeline, "keep", slowly)
        assert len(list(read(url, *sizes))) == 6
    assert stored() == everything_in(sizes)
    # Each tree that is open holds an answer, and each subreddit and the queue to the warehouse a page.
    assert 0 < ahead[0] <= reddit.AT_ONCE * (reddit_threads.TREES_AT_ONCE + 2) + 3


def test_a_warehouse_that_fails_ends_all_of_them_and_they_go_on_together(
    read, stored, warehouse, monkeypatch
):
    sizes = {"one": 6, "two": 6, "three": 1}
    keep, kept = pipeline.keep, []

    def breaks(*how):
        kept.append(1)
        if len(kept) == 20:  # and never again
            raise OSError("no room")
        return keep(*how)

    with replay(answers=MadeUp(sizes)) as (url, replayed):
        monkeypatch.setattr(pipeline, "keep", breaks)
        with pytest.raises(OSError, match="no room"):
            list(read(url, *sizes))
        states = warehouse.execute("select state from bronze.pipeline_steps").fetchall()
        assert ("running",) not in states
        ended = [thread for thread in threading.enumerate() if thread.name == "event loop"]
        assert ended == []
        asked = len(replayed.asked)
        list(read(url, *sizes))
    assert stored() == everything_in(sizes)
    # What was read whole is not read again.
    assert len(replayed.asked) - asked < asked
    assert warehouse.execute("select * from ops.reading_progress").fetchall() == []


def test_who_waits_for_a_turn_does_not_keep_an_answer_from_being_told(gate):
    third_waits, told = threading.Event(), threading.Event()

    class Narrow(type(gate)):
        def wait_for_turn(self):
            super().wait_for_turn()
            if self.turns == 3:
                third_waits.set()
                assert told.wait(10)

        def answered(self, budget):
            super().answered(budget)
            if len(self.budgets) == 2:
                told.set()

    server = MadeUp({"well": 2})

    async def once_another_waits(request):
        await asyncio.to_thread(third_waits.wait, 10)
        return await server.tree(request, request.path.split("/")[2])

    server.instead = {f"/comments/wellx{number}": once_another_waits for number in range(2)}
    with replay(answers=server) as (url, _):
        target = reddit.TARGET.model_validate(
            {"subreddit": "well", "base_url": url, "listings": ["new"]}
        )
        with reddit.open_reader(Settings(), target, Narrow()) as reader:
            pages = list(reader.read(WINDOW))
    posts = {e.post_id for page in pages for e in page.events if e.event_type != "account"}
    assert posts == everything_in({"well": 2})


class LimitedReddit:
    """So many requests an hour, said with every answer as Reddit says it, and counted; the hour goes by when we say."""

    def __init__(self, limit):
        self.limit, self.used = limit, 0
        self.answers, self.refusals = 0, 0
        self.ends = time.time() + 3600

    async def __call__(self, _):
        left = self.limit - self.used - 1
        headers = {
            "x-ratelimit-used": str(self.used + 1),
            "x-ratelimit-remaining": f"{max(left, 0):.1f}",
            "x-ratelimit-reset": str(round(self.ends - time.time())),
        }
        if left < 0:
            self.refusals += 1
            return web.json_response({"error": 429}, status=429, headers=headers)
        self.used += 1
        self.answers += 1
        body = {"kind": "Listing", "data": {"after": None, "children": []}}
        return web.json_response(body, headers=headers)

    def an_hour_later(self, warehouse):
        self.used, self.ends = 0, time.time() + 3600
        warehouse.execute(
            "update ops.source_state set rate_reset_at = now(), next_request_at = null"
        )
        warehouse.commit()


def test_tasks_that_read_side_by_side_share_what_the_headers_leave_them(
    warehouse, warehouse_settings
):
    warehouse.execute("delete from ops.source_state")
    warehouse.commit()
    server = LimitedReddit(limit=60)
    with replay(answers={"/r/busy/new": server}) as (url, _):
        target = {"source": "reddit", "name": "busy", "instance": "reddit.example"}
        target |= {"base_url": url, "listings": ["new"]}

        def reads(run, *targets):
            with connect(warehouse_settings) as connection:
                reading = extract_all(connection, warehouse_settings, targets, WINDOW, run)
                return [ended for _, ended in reading if isinstance(ended, Exception)]

        def task(number):
            """Reads until it is told to wait; with two readers in one event loop, as a task or a command has them."""
            while not (told := reads(f"run/{number}", target, target)):
                continue
            return told

        with ThreadPoolExecutor(4) as tasks:
            for hour in (1, 2):
                # Who asks first asks alone, and all of them know the budget.
                assert reads("run/first", target) == []
                told = [error for told in tasks.map(task, range(4)) for error in told]
                assert {type(error) for error in told} == {SourceUnavailable}
                assert all("others are before us" in str(error) for error in told)
                # Half of it is there at once, for all of them together, and so is the first turn of the half that is spread.
                # An answer that is told late by seconds moves the hour's end a little, which is worth a few more.
                assert hour * 31 <= server.answers < hour * 40
                server.an_hour_later(warehouse)
    assert server.refusals == 0


def test_who_is_told_to_wait_is_read_on_when_reddit_says_and_the_others_meanwhile(
    warehouse, warehouse_settings, stored, caplog
):
    sizes = {"well": 9, "busy": 9}
    server = MadeUp(sizes, instead={"/comments/busyx5": says(429, headers=SLOWED)})
    pauses = []
    with replay(answers=server) as (url, replayed):
        where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
        targets = [{"name": name, "listings": ["new"], **where} for name in sizes]

        def pause(seconds):
            pauses.append(seconds)
            server.instead = {}
            with connect(warehouse_settings, autocommit=True) as shared:
                shared.execute("delete from ops.source_state")
                SharedGate(shared, "reddit", "reddit.example").answered(None)
            replayed.asked.append("the pause")

        ended = {
            target["name"]: ended
            for target, ended in extract_patiently(
                warehouse, warehouse_settings, targets, WINDOW, "run/1", pause=pause
            )
        }
    assert all(isinstance(counts, dict) for counts in ended.values())
    assert stored() == everything_in(sizes)
    [seconds] = pauses
    assert seconds >= 239
    [sentence] = [
        said.getMessage() for said in caplog.records if "what is left of" in said.message
    ]
    assert "r/busy" in sentence
    # What was read before the pause is not read again.
    after = replayed.asked[replayed.asked.index("the pause") :]
    assert not any("/comments/busyx0/" in path for path in after)


@pytest.mark.parametrize(("reset", "pauses"), [("240", 1), ("86400", 0)])
def test_who_is_told_to_wait_in_vain_or_for_a_day_has_failed(
    warehouse, warehouse_settings, reset, pauses
):
    slowed = {"/r/busy/new": says(429, headers=SLOWED | {"x-ratelimit-reset": reset})}
    paused = []
    with replay(answers=slowed) as (url, _):
        where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
        targets = [{"name": "busy", "listings": ["new"], **where}]
        [(_, ended)] = extract_patiently(
            warehouse, warehouse_settings, targets, WINDOW, "run/1", pause=paused.append
        )
    assert isinstance(ended, SourceUnavailable)
    assert len(paused) == pauses
