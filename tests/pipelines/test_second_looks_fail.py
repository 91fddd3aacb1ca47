"""A second look that Reddit does not answer whole: it has a name, what was answered is kept, the rest stays due."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from chorus.domain.errors import SourceChanged, SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.gate import SharedGate
from chorus.pipelines.look_again import look_again
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import MadeUp, comment, everything_in, listing, submission
from tests.sources.reddit_replay import replay
from tests.sources.test_reddit_failures import SLOWED, breaks_off, says

NOW = datetime.now(UTC)
BEGUN = NOW - timedelta(hours=3)
WINDOW = Window(BEGUN - timedelta(hours=1), NOW)
# So that a look takes two requests.
SIZES = {"well": 24}


class LooksTwice(MadeUp):
    """Every score is another by now; the second request is answered by `instead`, if anything is."""

    def __init__(self):
        super().__init__(SIZES)
        self.asked, self.second = 0, None

    def get(self, path):
        return self.info if path == "/api/info" else super().get(path)

    async def info(self, request):
        self.asked += 1
        if self.asked > 1 and self.second is not None:
            return await self.second(request)
        return web.json_response(
            listing([now(name) for name in request.query["id"].split(",")])
        )


def now(name):
    kind, _, number = name.partition("_")
    root, _, place = number.partition("c")
    thing = submission(number) if kind == "t3" else comment(root, int(place))
    return thing | {"data": thing["data"] | {"score": 99}}


@pytest.fixture
def reddit(monkeypatch):
    monkeypatch.setattr("tests.sources.made_up_reddit.AT", int(BEGUN.timestamp()))
    monkeypatch.setattr(
        "asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None
    )
    monkeypatch.setattr("chorus.sources.reddit_client.nap", lambda _: 0.0)
    return LooksTwice()


@pytest.fixture
def look(reddit, warehouse, warehouse_settings, owner):
    """A look at all that was read two hours ago, by the real gate, which nothing that was before holds up."""
    with replay(answers=reddit) as (url, _):
        target = {
            "source": "reddit",
            "name": "well",
            "instance": "reddit.example",
            "base_url": url,
            "listings": ["new"],
        }

        def names_no_budget():
            owner.execute("delete from ops.source_state")
            with connect(warehouse_settings, autocommit=True) as shared:
                SharedGate(shared, "reddit", "reddit.example").answered(None)

        def looking(second=None):
            names_no_budget()
            reddit.asked, reddit.second = 0, second
            return look_again(warehouse, warehouse_settings, target, "again", comes_back=True)

        names_no_budget()
        extract(warehouse, warehouse_settings, target, WINDOW, "read")
        for column in ("observed_at", "last_seen_at"):
            owner.execute(
                f"update bronze.raw_events set {column} = {column} - interval '2 hours'"
            )
        yield looking


@pytest.fixture
def liked(warehouse):
    """What was seen with its new score; each look is there once."""

    def found():
        rows = warehouse.execute(
            "select post_id from bronze.raw_events where payload ->> 'score' = '99'"
        ).fetchall()
        warehouse.commit()
        assert len(rows) == len(set(rows))
        return {name for (name,) in rows}

    return found


@pytest.mark.parametrize(
    ("answer", "named", "sentence"),
    [
        (says(403), SourceRefused, "403"),
        (says(429, headers=SLOWED), SourceUnavailable, "429 and asks for 240 s"),
        (says(500), SourceUnavailable, r"not well \(500\)"),
        (breaks_off, SourceUnavailable, "did not answer whole"),
        (says(200, text='{"kind": "Lis'), SourceChanged, "did not answer with JSON"),
    ],
    ids=["403", "429", "500", "truncated", "no JSON"],
)
def test_it_ends_by_its_name_and_nothing_is_lost(look, liked, answer, named, sentence):
    with pytest.raises(named, match=sentence) as caught:
        look(answer)
    assert type(caught.value) is named
    assert "\n" not in str(caught.value)
    answered = liked()
    assert len(answered) == 100

    counts = look()
    assert counts["posts_due"] == len(everything_in(SIZES)) - 100
    assert liked() == everything_in(SIZES)
