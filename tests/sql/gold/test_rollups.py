"""The rollups after any history of signed changes, against plain counting in Python."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from time import sleep

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.warehouse.connection import connect
from chorus.warehouse.gold import apply_rollups
from chorus.warehouse.gold_views import VIEWS, pending_views, refresh
from tests.sql.gold.natural import rows

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
EVERYWHERE = ("*", "*")
FACT_CHANGES = """
    create temporary table fact_changes (
        sign smallint, content_key bigint, account_uri text, source text, instance text, created_at timestamptz,
        language text, label text, mood double precision, replies bigint, reblogs bigint, favourites bigint,
        engagement bigint, hashtag_ids bigint[], created_hour smallint
    ) on commit drop
"""


@dataclass(frozen=True)
class Counted:
    """A post as it counts."""

    account_uri: str
    source: str
    instance: str
    created_at: datetime
    language: str | None
    label: str | None
    mood: float | None
    replies: int | None
    reblogs: int | None
    favourites: int | None
    engagement: int
    hashtag_ids: tuple[int, ...]

    @property
    def day(self):
        return self.created_at.date()


counts = st.none() | st.integers(0, 50)
moods = st.sampled_from(
    [(None, None), ("positive", 0.7123456), ("neutral", 0.1), ("negative", -1 / 3)]
)
posts = st.builds(
    lambda place, minutes, mood, tags, **fields: Counted(
        source=place[0],
        instance=place[1],
        created_at=MIDNIGHT + timedelta(minutes=minutes),
        label=mood[0],
        mood=mood[1],
        hashtag_ids=tuple(sorted(tags)),
        **fields,
    ),
    place=st.sampled_from(
        [("mastodon", "one.example"), ("mastodon", "two.example"), ("reddit", "reddit.com")]
    ),
    minutes=st.sampled_from([-1, 0, 59, 60, 24 * 60, 3 * 24 * 60]),
    mood=moods,
    tags=st.frozensets(st.integers(1, 4)),
    account_uri=st.sampled_from(
        ["https://one.example/ana", "https://two.example/bo", "reddit://cy"]
    ),
    language=st.sampled_from([None, "en", "de"]),
    replies=counts,
    reblogs=counts,
    favourites=st.none() | st.integers(-20, 50),
    engagement=st.integers(-20, 300),
)
batches = st.dictionaries(st.integers(1, 6), st.none() | posts, min_size=1)


class History:
    """Posts as they count after each load; a load leaves what changed as the silver load does."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.known: dict[int, Counted] = {}

    def load(self, batch: dict[int, Counted | None]) -> None:
        """Let posts count as given from now on; None: not at all."""
        self.connection.execute(FACT_CHANGES)
        for key, after in batch.items():
            before = self.known.pop(key, None)
            if after is not None:
                self.known[key] = after
            if before != after:
                self._leave(-1, key, before)
                self._leave(1, key, after)
        apply_rollups(self.connection)
        self.connection.execute("drop table fact_changes")

    def _leave(self, sign: int, key: int, post: Counted | None) -> None:
        if post is not None:
            values = (
                sign,
                key,
                *astuple(post)[:-1],
                list(post.hashtag_ids),
                post.created_at.hour,
            )
            holes = ", ".join(["%s"] * len(values))
            self.connection.execute(f"insert into fact_changes values ({holes})", values)


@given(changes=st.lists(batches, min_size=1, max_size=5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_rollups_hold_what_counting_again_gives_after_any_history(changes, warehouse):
    with warehouse.transaction(force_rollback=True):
        history = History(warehouse)
        for batch in changes:
            history.load(batch)
        found = {name: rows(warehouse, name) for name in EXPECTED}
        assert found == {name: counted(history.known) for name, counted in EXPECTED.items()}

        history.load(dict.fromkeys(history.known))
        assert [name for name in EXPECTED if rows(warehouse, name)] == []


def texts(*values):
    return [str(value) for value in values]


def measures(found: list[Counted]):
    labels = Counter(post.label for post in found)
    return (
        sum(post.engagement for post in found),
        len(found) - labels[None],
        labels["positive"],
        labels["neutral"],
        labels["negative"],
        sum(round((post.mood or 0) * 1_000_000) for post in found),
    )


def everything(found: list[Counted]):
    return (
        len(found),
        sum(post.replies or 0 for post in found),
        sum(post.reblogs or 0 for post in found),
        sum(post.favourites or 0 for post in found),
        *measures(found),
    )


def span(found: list[Counted]):
    return min(post.day for post in found), max(post.day for post in found)


def grouped(known: Iterable[Counted], keys):
    """Posts by each of the keys that `keys` names for them."""
    groups = defaultdict(list)
    for post in known:
        for key in keys(post):
            groups[tuple(map(str, key))].append(post)
    return groups


def by(keys, of):
    return lambda known: {
        key: texts(*of(found)) for key, found in grouped(known.values(), keys).items()
    }


EXPECTED = {
    "account": by(lambda p: [(p.account_uri,)], lambda f: (*everything(f), *span(f))),
    "account_day": by(
        lambda p: [(p.account_uri, p.day, p.source, p.instance)],
        lambda f: (len(f), sum(p.engagement for p in f)),
    ),
    "post": lambda known: {
        (str(key),): texts(p.day, p.source, p.instance, p.engagement)
        for key, p in known.items()
    },
    "day": by(
        lambda p: [(p.day, p.source, p.instance), (p.day, *EVERYWHERE)],
        lambda f: (
            len({p.account_uri for p in f}),
            *everything(f),
            max(p.engagement for p in f),
            min(p.engagement for p in f),
        ),
    ),
    "hour": by(
        lambda p: [(p.day, p.created_at.hour, p.language or "und")],
        lambda f: (len(f), *measures(f)),
    ),
    "hashtag": by(
        lambda p: [(tag,) for tag in p.hashtag_ids],
        lambda f: (len({p.account_uri for p in f}), *span(f), len(f), *measures(f)),
    ),
    "hashtag_day": by(
        lambda p: [(tag, p.day) for tag in p.hashtag_ids], lambda f: (len(f), *measures(f))
    ),
    "hashtag_account": by(
        lambda p: [(tag, p.account_uri) for tag in p.hashtag_ids], lambda f: (len(f),)
    ),
    "hashtag_pair": by(lambda p: list(permutations(p.hashtag_ids, 2)), lambda f: (len(f),)),
}


PLAIN = Counted(
    "https://one.example/ana", "mastodon", "one.example", MIDNIGHT, "en", None, None, 1, 1, 1, 6, (1, 2)
)  # fmt: skip


@pytest.fixture
def up_to_date(warehouse):
    for view in VIEWS:
        refresh(warehouse, view)
    assert pending_views(warehouse) == []


def test_a_load_that_changed_nothing_that_counts_leaves_the_views_of_counts_alone(
    warehouse, up_to_date
):
    History(warehouse).load({})

    assert set(VIEWS) - set(pending_views(warehouse)) == {
        "mv_daily_engagement_summary",
        "mv_hourly_posting_patterns",
        "mv_sentiment_trends",
    }


def test_a_post_marks_every_view(up_to_date, warehouse):
    History(warehouse).load({1: PLAIN})
    assert pending_views(warehouse) == sorted(VIEWS)


def test_a_refresh_that_waited_leaves_the_view_behind_what_was_loaded_meanwhile(
    up_to_date, warehouse, warehouse_settings
):
    """PostgreSQL decides what a refresh sees before it waits for the one that holds the view."""
    view = "mv_daily_engagement_summary"
    with (
        connect(warehouse_settings) as ahead,
        connect(warehouse_settings) as waiting,
        ThreadPoolExecutor() as pool,
    ):
        ahead.execute(f"refresh materialized view concurrently analytics.{view}")
        waited = pool.submit(refresh, waiting, view)
        wait_for_its_turn(warehouse)
        History(warehouse).load({1: PLAIN})
        warehouse.commit()
        ahead.rollback()

        assert waited.result(timeout=30)["rows"] == 0
    assert view in pending_views(warehouse)
    assert refresh(warehouse, view)["rows"] == 2
    assert view not in pending_views(warehouse)


def wait_for_its_turn(connection):
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    for _ in range(600):
        found = connection.execute(waiting).fetchone()
        connection.rollback()
        if found is not None:
            return
        sleep(0.05)
    pytest.fail("the refresh does not wait for the one before it")
