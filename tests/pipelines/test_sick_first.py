"""A subreddit that fails stands first in line, and is tried again and again: those behind it are loaded all the same.

The gate is the one that all tasks share, and what is tried again waits as it does: only asyncprawcore's own pauses and
those between our tries of a broken answer are left out.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiohttp import web

from chorus.domain.errors import SourceChanged, SourceGone, SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.extract_together import extract_all
from chorus.pipelines.gate import SharedGate
from chorus.sources import http
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import MadeUp, everything_in, kept_in
from tests.sources.reddit_replay import replay
from tests.sources.test_reddit_failures import breaks_off, says

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
WELL = {"well": 1, "fine": 1}
# As often as Airflow tries in a run, and in the run after it.
TRIES = 2 * 4
BUDGET = {"x-ratelimit-remaining": "90", "x-ratelimit-used": "10", "x-ratelimit-reset": "60"}
REFUSES = (
    (says(403, text='{"reason": "private"}', headers=BUDGET), SourceRefused, "private"),
    (says(404, text='{"reason": "banned"}', headers=BUDGET), SourceGone, "banned, misspelt"),
    (says(500), SourceUnavailable, r"not well \(500\)"),
    (breaks_off, SourceUnavailable, "did not answer whole"),
    (
        says(200, text='{"kind": "Lis', headers=BUDGET),
        SourceChanged,
        "did not answer with JSON",
    ),
)


@pytest.fixture
def names_no_budget(warehouse_settings, owner):
    """Nobody has asked anybody to wait."""

    def forget():
        owner.execute("delete from ops.source_state")
        with connect(warehouse_settings, autocommit=True) as shared:
            SharedGate(shared, "reddit", "reddit.example").answered(None)

    return forget


@pytest.fixture(autouse=True)
def _tries_again_at_once(monkeypatch, names_no_budget):
    names_no_budget()
    monkeypatch.setattr(
        "asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None
    )


@pytest.fixture
def target():
    def named(url, name):
        where = {"source": "reddit", "instance": "reddit.example", "base_url": url}
        return {**where, "name": name, "listings": ["new"]}

    return named


@pytest.fixture
def stored(warehouse):
    return partial(kept_in, warehouse)


@pytest.fixture
def breaker(warehouse):
    def look():
        found = warehouse.execute("select breaker from ops.source_state").fetchone()
        warehouse.commit()
        return found

    return look


@pytest.mark.parametrize(
    ("answer", "named", "sentence"),
    REFUSES,
    ids=["private", "banned", "500", "truncated", "no JSON"],
)
def test_those_behind_it_are_loaded(
    warehouse, warehouse_settings, monkeypatch, target, stored, breaker, answer, named, sentence
):
    monkeypatch.setattr("chorus.sources.reddit_client.nap", lambda _: 0.0)
    server = MadeUp(WELL, instead={"/r/sick/new": answer})
    with replay(answers=server) as (url, _):
        for number in range(TRIES):
            with pytest.raises(named, match=sentence):
                extract(
                    warehouse, warehouse_settings, target(url, "sick"), WINDOW, f"run/{number}"
                )
        targets = [target(url, name) for name in ("sick", *WELL)]
        found = {
            one["name"]: ended
            for one, ended in extract_all(
                warehouse, warehouse_settings, targets, WINDOW, "run/all"
            )
        }
    assert type(found["sick"]) is named
    assert stored() == everything_in(WELL)
    assert breaker() == ("closed",)


def test_a_429_means_everybody_who_wait_and_are_loaded_then(
    warehouse, warehouse_settings, target, stored, breaker
):
    """The credentials are slowed, so all wait; then those are let go on who were not refused."""
    server = MadeUp(WELL, instead={"/r/sick/new": says(429, headers={"Retry-After": "1"})})
    with replay(answers=server) as (url, replayed):
        targets = [target(url, name) for name in ("sick", *WELL)]
        found = {
            one["name"]: ended
            for one, ended in extract_all(
                warehouse, warehouse_settings, targets, WINDOW, "run/all"
            )
        }
    assert type(found["sick"]) is SourceUnavailable
    assert "429 and asks for 1 s" in str(found["sick"])
    assert replayed.asked.count("GET /r/sick/new?limit=100&raw_json=1") == http.ATTEMPTS
    assert stored() == everything_in(WELL)
    assert breaker() == ("closed",)


def test_a_long_429_is_waited_for_by_all_and_who_was_not_refused_goes_first(
    warehouse, warehouse_settings, target, stored, names_no_budget
):
    async def forever(_):
        headers = {"Retry-After": "240"}
        return web.json_response({"error": 429}, status=429, headers=headers)

    server = MadeUp(WELL, instead={"/r/sick/new": forever})
    said = {}
    with replay(answers=server) as (url, replayed):

        def read(name):
            try:
                return extract(
                    warehouse, warehouse_settings, target(url, name), WINDOW, f"run/{name}"
                )
            except SourceUnavailable as error:
                return error

        for name in ("sick", *WELL):
            said[name] = read(name)
        # Nobody else even knocked.
        assert len(replayed.asked) == 1
        assert "asks for 240 s" in str(said["sick"])
        assert all("left alone" in str(said[name]) for name in WELL)
        first = min(said, key=lambda name: said[name].retry_after)
        assert first in WELL
        assert said["sick"].retry_after - said[first].retry_after > timedelta(seconds=10)

        names_no_budget()  # as after the four minutes
        for name in sorted(said, key=lambda name: said[name].retry_after):
            said[name] = read(name)
    assert isinstance(said["sick"], SourceUnavailable)
    assert stored() == everything_in(WELL)
