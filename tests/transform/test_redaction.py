"""REDACT_DELETED: once a post is gone nothing of what it said is left in bronze, whatever came in which order."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.domain.second_looks import Known, found_gone
from chorus.pipelines.transform import transform_pending
from chorus.sources.mastodon_events import events_of
from chorus.warehouse.connection import connect
from chorus.warehouse.raw_events import store
from tests.transform.conftest import SEEN, account, status

HOME, AWAY = "mastodon.example", "elsewhere.example"
CREATED = datetime(2026, 8, 1, 10, tzinfo=UTC)
TOOTS = "bronze.transformed_toots_with_sentiment_data"
PLACES = ("bronze.raw_events", "bronze.post_observations", TOOTS, "bronze.dead_letters")
ON_ONE_DATABASE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def redacting(warehouse_settings):
    return warehouse_settings.model_copy(update={"redact_deleted": True})


def said(post_id, text):
    """What it says can be told from all else that is kept."""
    return status(
        post_id,
        uri=f"https://{HOME}/users/ana/statuses/{post_id}",
        content=f"<p>secret-{post_id}- {text}</p>",
        spoiler_text=f"secret-{post_id}-",
        card={"title": f"secret-{post_id}-"},
    )


def look(post_id, instance, what, second):
    """One look: at a text, at a boost that carries it, or at nothing any more."""
    seen = SEEN + timedelta(seconds=second)
    if what == "gone":
        known = Known(post_id, instance, CREATED)
        where = {"source": "mastodon", "instance": instance}
        return [found_gone(known, http_status=404, observed_at=seen, **where)]
    if what.startswith("boost"):
        boost = status(f"b{post_id}", content="", account=account(id="8", acct="bob"))
        return list(events_of(boost | {"reblog": said(post_id, what[-1])}, instance, seen))
    return list(events_of(said(post_id, what), instance, seen))


def secrets(connection, post_id):
    """Where something that the post said still stands."""
    found = {
        place: connection.execute(
            f"select count(*) from {place} as kept where kept::text like %s",
            [f"%secret-{post_id}-%"],
        ).fetchone()[0]
        for place in PLACES
    }
    connection.commit()
    return {place: count for place, count in found.items() if count}


WHATS = ("a", "b", "boost a", "gone", "gone")
HISTORY = st.lists(st.tuples(st.sampled_from((HOME, AWAY)), st.sampled_from(WHATS)), max_size=6)


@given(history=HISTORY, order=st.randoms(use_true_random=False), at_once=st.integers(1, 3))
@ON_ONE_DATABASE
def test_whatever_the_order_a_gone_post_says_nothing_and_another_what_it_said_last(
    warehouse, redacting, owner, history, order, at_once
):
    # It was read on both before it could be found gone.
    looks = [(HOME, "a"), (AWAY, "a"), *history]
    batches = [(second, *what) for second, what in enumerate(looks)]
    later = batches[2:]
    order.shuffle(later)
    owner.execute(f"truncate {', '.join(PLACES)}, bronze.account_observations")
    arriving = [batches[:2], *(later[n : n + at_once] for n in range(0, len(later), at_once))]
    for batch in arriving:
        for second, instance, what in batch:
            store(warehouse, look("1", instance, what, second), "run")
        warehouse.commit()
        transform_pending(warehouse, redacting, "run", [], batch_size=2)

    at_home = [what for instance, what in looks if instance == HOME]
    if at_home[-1] == "gone":
        assert secrets(warehouse, "1") == {}
    else:
        rows = warehouse.execute(
            f"select content_text from {TOOTS} where instance = %s", [HOME]
        )
        assert rows.fetchone() == (f"secret-1- {at_home[-1][-1]}",)
    [letters] = warehouse.execute("select count(*) from bronze.dead_letters").fetchone()
    assert letters == 0
    [waiting] = warehouse.execute("select count(*) from bronze.raw_events where not processed").fetchone()  # fmt: skip
    assert waiting == 0
    warehouse.commit()


def test_workers_side_by_side_leave_nothing_of_what_is_gone(warehouse, redacting):
    roll = random.Random(5)
    posts = [str(number) for number in range(40)]
    gone = posts[::2]
    events = [event for post in posts for event in look(post, HOME, "a", 0)]
    events += [event for post in posts for event in look(post, HOME, "boost a", 1)]
    events += [event for post in gone for event in look(post, HOME, "gone", 2)]
    roll.shuffle(events)
    store(warehouse, events, "run")
    warehouse.commit()

    def work(number):
        with connect(redacting) as connection:
            return transform_pending(connection, redacting, f"run {number}", [], batch_size=3)

    with ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(work, range(4)))
    assert sum(count.claimed for count in counts) == len({event.id for event in events})
    assert {post for post in posts if secrets(warehouse, post) == {}} == set(gone)


def test_a_deletion_elsewhere_is_none_while_its_own_instance_shows_it(warehouse, redacting):
    for instance, what, second in ((HOME, "a", 0), (AWAY, "a", 1), (AWAY, "gone", 2)):
        store(warehouse, look("1", instance, what, second), "run")
    warehouse.commit()
    transform_pending(warehouse, redacting, "run", [])
    assert secrets(warehouse, "1")[TOOTS] == 2
    store(warehouse, look("1", HOME, "gone", 3), "run")
    warehouse.commit()
    transform_pending(warehouse, redacting, "run", [])
    assert secrets(warehouse, "1") == {}


def test_an_empty_payload_that_was_never_taken_in_is_a_letter(saw, transform, rows):
    saw({}, post_id="1")
    transform()
    [letter] = rows("dead_letters")
    assert letter["error"] == "its payload is empty"
