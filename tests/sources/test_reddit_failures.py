"""How Reddit fails, and by which name that is known; the reader of one subreddit never takes another's down."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from chorus.config import Settings
from chorus.domain.errors import (
    ConfigurationError,
    SourceChanged,
    SourceError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from chorus.domain.window import Window
from chorus.sources import reddit, reddit_client
from tests.sources.reddit_replay import replay

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
AT = 1_768_000_000.0


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch):
    """asyncprawcore and we try again at once."""
    monkeypatch.setattr(
        "asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None
    )
    monkeypatch.setattr("chorus.sources.reddit_client.nap", lambda _: 0.0)


def says(status, *, headers=None, text='{"message": "x", "error": 1}'):
    async def answer(_request):
        return web.Response(
            status=status, headers=headers, text=text, content_type="application/json"
        )

    return answer


async def breaks_off(request):
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": "1000"}
    )
    await response.prepare(request)
    await response.write(b'{"kind": "Listing", "data": {"chi')
    request.transport.close()
    return response


def listing(*things, after=None):
    return {"kind": "Listing", "data": {"after": after, "children": list(things)}}


def submission(number, created=AT, **more):
    data = {
        "id": f"s{number}",
        "name": f"t3_s{number}",
        "title": f"Title {number}",
        "subreddit": "well",
        "author": "ana",
        "created_utc": created,
        "num_comments": 0,
    }
    return {"kind": "t3", "data": data | more}


def lists(*things, after=None):
    async def answer(_request):
        return web.json_response(listing(*things, after=after))

    return answer


def read_all(url, gate, *names, **wanted):
    """What each subreddit gave: its posts, or its error."""
    found = {}
    for name in names:
        known = {"subreddit": name, "base_url": url, "listings": ["new"]}
        target = reddit.TARGET.model_validate(known | wanted)
        with reddit.open_reader(Settings(api_timeout=2), target, gate) as reader:
            try:
                found[name] = [
                    event.post_id
                    for page in reader.read(WINDOW)
                    for event in page.events
                    if event.event_type != "account"
                ]
            except SourceError as error:
                found[name] = error
    return found


def read_well(url, gate, **wanted):
    """The posts of r/well, and what was counted while they were read."""
    known = {"subreddit": "well", "base_url": url, "listings": ["new"]}
    target = reddit.TARGET.model_validate(known | wanted)
    with reddit.open_reader(Settings(api_timeout=2), target, gate) as reader:
        events = [event for page in reader.read(WINDOW) for event in page.events]
        return [one.post_id for one in events if one.event_type != "account"], reader.counts


async def never_ends(request):
    """In pieces, so that no header says how long it is."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b" " * 65536)
    return response


SLOWED = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "100", "x-ratelimit-reset": "240"}


@pytest.mark.parametrize(
    ("answer", "named", "sentence"),
    [
        (says(429, headers=SLOWED), SourceUnavailable, "429 and asks for 240 s"),
        (says(403, text='{"reason": "private"}'), SourceRefused, "private or quarantined"),
        (says(404, text='{"reason": "banned"}'), SourceGone, "banned, misspelt"),
        (says(302, headers={"Location": "/subreddits/search"}), SourceGone, "misspelt"),
        (says(401), SourceRefused, "REDDIT_CLIENT_ID"),
        (says(500), SourceUnavailable, r"not well \(500\)"),
        (says(503), SourceUnavailable, r"not well \(503\)"),
        (breaks_off, SourceUnavailable, "did not answer whole"),
        (says(200, text='{"kind": "Lis'), SourceChanged, "did not answer with JSON"),
        (says(200, text="[]"), SourceChanged, "no listing"),
        (says(200, text='{"data": {"children": [7]}}'), SourceChanged, "holds"),
        (says(418), SourceRefused, "418"),
    ],
)
def test_each_failure_has_its_name_and_the_others_are_read(gate, answer, named, sentence):
    answers = {
        "/r/first/new": lists(submission(1)),
        "/r/sick/new": answer,
        "/r/well/new": lists(submission(2)),
    }
    with replay(answers=answers) as (url, _):
        found = read_all(url, gate, "first", "sick", "well")
    assert (found["first"], found["well"]) == (["t3_s1"], ["t3_s2"])
    with pytest.raises(named, match=sentence) as caught:
        raise found["sick"]
    assert type(caught.value) is named
    assert "\n" not in str(caught.value)


def test_an_answer_that_never_ends_is_left(gate, monkeypatch):
    monkeypatch.setattr("chorus.sources.reddit_answer.MOST_BYTES", 2 << 20)
    with replay(answers={"/r/well/new": never_ends}) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert type(error) is SourceChanged
    assert "more than 2 MiB" in str(error)


def test_a_429_tells_everybody_how_long_to_stay_away(gate):
    with replay(answers={"/r/sick/new": says(429, headers=SLOWED)}) as (url, replayed):
        found = read_all(url, gate, "sick")
    # It comes back when those have had their turn who were not refused.
    assert found["sick"].retry_after == timedelta(seconds=240) + reddit_client.HANGS_BACK
    assert gate.waits == [timedelta(seconds=240)]
    # That is longer than we wait in a task, so it is asked once.
    assert len(replayed.asked) == 1


def test_a_short_429_is_waited_out(gate):
    answers = [says(429, headers={"Retry-After": "3"}), lists(submission(1))]

    async def slow_once(request):
        return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    with replay(answers={"/r/well/new": slow_once}) as (url, _):
        assert read_all(url, gate, "well") == {"well": ["t3_s1"]}
    assert gate.waits == [timedelta(seconds=3)]


def test_wrong_credentials_are_named_as_such(gate):
    with replay(token=says(401)) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert isinstance(error, SourceRefused)
    assert "REDDIT_CLIENT_SECRET" in str(error)


def test_a_server_that_never_ends_its_listing_is_left(gate):
    again = lists(submission(1), after="t3_s1")
    with replay(answers={"/r/well/new": again}) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert isinstance(error, SourceChanged)
    assert "goes in circles" in str(error)


def test_folds_that_lead_to_themselves_end(gate):
    fold = {
        "kind": "more",
        "data": {"count": 5, "children": ["c1", "c2"], "parent_id": "t3_s1"},
    }
    answers = {
        "/r/well/new": lists(submission(1, num_comments=5)),
        "/comments/s1": says(200, text=web.json_response([listing(), listing(fold)]).text),
        "/api/morechildren": says(
            200, text=web.json_response({"json": {"data": {"things": [fold]}}}).text
        ),
    }
    with replay(answers=answers) as (url, replayed):
        posts, counts = read_well(url, gate, comment_budget=None)
    assert posts == ["t3_s1"]
    assert len(replayed.asked) == 3
    assert counts["comments_left_folded"] == 5


@pytest.mark.parametrize("things", ["null", "7", '{"a": 1}'])
def test_an_answer_that_unfolds_nothing_has_a_name(gate, things):
    fold = {
        "kind": "more",
        "data": {"count": 5, "children": ["c1", "c2"], "parent_id": "t3_s1"},
    }
    answers = {
        "/r/well/new": lists(submission(1, num_comments=5)),
        "/comments/s1": says(200, text=web.json_response([listing(), listing(fold)]).text),
        "/api/morechildren": says(200, text='{"json": {"data": {"things": ' + things + "}}}"),
    }
    with replay(answers=answers) as (url, _):
        [error] = read_all(url, gate, "well", comment_budget=None).values()
    assert isinstance(error.__cause__, SourceChanged)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_sign_in_that_fails_for_a_moment_needs_no_person(gate, status):
    with replay(token=says(status, headers={"Retry-After": "500"})) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert isinstance(error, SourceUnavailable)


@pytest.mark.parametrize("status", [408, 425, 507, 521, 530])
def test_what_passes_by_itself_needs_no_person(gate, status):
    with replay(answers={"/r/well/new": says(status)}) as (url, _):
        [error] = read_all(url, gate, "well").values()
    assert isinstance(error, SourceUnavailable)


def test_a_search_that_ends_before_its_window_does_says_so(gate):
    found = lists(*(submission(number) for number in range(245)))
    with replay(answers={"/r/well/new": lists(), "/r/well/search": found}) as (url, _):
        posts, counts = read_well(url, gate, search=["python"], minimum_score=1)
    assert len(posts) == 245
    assert counts["listings_cut_short"] == 1


def test_a_submission_that_vanished_meanwhile_costs_its_tree_alone(gate):
    answers = {"/r/well/new": lists(submission(1, num_comments=3), submission(2))}
    with replay(answers=answers) as (url, _):
        assert read_all(url, gate, "well") == {"well": ["t3_s1", "t3_s2"]}


def test_a_submission_that_vanishes_while_it_unfolds_costs_what_was_still_folded(gate):
    fold = {
        "kind": "more",
        "data": {"count": 5, "children": ["c1", "c2"], "parent_id": "t3_s1"},
    }
    answers = {
        "/r/well/new": lists(submission(1, num_comments=5), submission(2)),
        "/comments/s1": says(200, text=web.json_response([listing(), listing(fold)]).text),
        "/api/morechildren": says(404),
    }
    with replay(answers=answers) as (url, _):
        found = read_all(url, gate, "well", comment_budget=None)
    assert found == {"well": ["t3_s1", "t3_s2"]}


def test_where_listings_end_before_the_window_does_the_run_says_so(gate, caplog):
    asked = []

    async def thousand(request):
        asked.append(request.query.get("after"))
        first = len(asked) * 100
        things = [submission(first + n, created=AT + 5000 - first - n) for n in range(100)]
        after = f"t3_s{first + 99}" if len(asked) < 10 else None
        return web.json_response(listing(*things, after=after))

    target = {"subreddit": "well", "listings": ["new"], "minimum_score": 1}
    with replay(answers={"/r/well/new": thousand}) as (url, _):
        wanted = reddit.TARGET.model_validate(target | {"base_url": url})
        with reddit.open_reader(Settings(), wanted, gate) as reader:
            pages = list(reader.read(WINDOW))
    assert (len(pages), len(set(asked))) == (10, 10)
    assert reader.counts["listings_cut_short"] == 1
    assert "Reddit lists no more than 1,000" in caplog.text


def test_what_is_hot_is_not_asked_for_a_window_long_past(gate, caplog):
    answers = {"/r/well/new": lists(submission(1)), "/r/well/hot": says(500)}
    with replay(answers=answers) as (url, _):
        found = read_all(url, gate, "well", listings=["new", "hot"])
    assert found == {"well": ["t3_s1"]}
    assert "hot tell only of now" in caplog.text


def test_without_credentials_a_sentence_says_what_is_missing_and_ours_go_to_reddit_alone():
    real = reddit.TARGET.model_validate({"subreddit": "python"})
    demo = reddit.TARGET.model_validate({"subreddit": "python", "base_url": "http://x.example"})
    ours = Settings(reddit_client_id="id", reddit_client_secret="secret")
    assert "REDDIT_CLIENT_ID" in reddit.what_is_missing(Settings(), real)
    assert reddit.what_is_missing(ours, real) is None
    assert reddit.what_is_missing(Settings(), demo) is None
    with (
        pytest.raises(ConfigurationError, match="REDDIT_CLIENT_SECRET"),
        reddit.open_reader(Settings(), real, None),
    ):
        pass
    with reddit.open_reader(ours, demo, None) as reader:
        assert reader.credentials.client_secret != "secret"
    with reddit.open_reader(ours, real, None) as reader:
        assert reader.credentials.client_secret == "secret"
        assert "secret='secret'" not in repr(reader)
