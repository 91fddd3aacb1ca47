"""What is due to be looked at again, against the schedule spelled out in plain Python."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.domain.events import RawEvent
from chorus.domain.second_looks import Known, found_gone
from chorus.warehouse.connection import connect
from chorus.warehouse.raw_events import store
from chorus.warehouse.second_looks import claim_instance, due

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = ("mastodon", "here.example")
names = count()

HOURS = [*range(24), *range(24, 72, 6), *range(72, 168, 24)]
ages = st.timedeltas(timedelta(0), timedelta(days=8))
looked = st.tuples(st.timedeltas(timedelta(seconds=1), timedelta(days=8)), st.booleans())
# How long ago a post was created; how long after that it was looked at, and whether it was still there.
HISTORY = st.tuples(ages, st.lists(looked, max_size=4, unique_by=lambda look: look[0]))
ON_ONE_DATABASE = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def alive(post, seen, instance=HERE[1]):
    return RawEvent(
        source=HERE[0],
        source_id=instance,
        instance=instance,
        event_type="status",
        post_id=post.post_id,
        occurred_at=post.created_at,
        observed_at=seen,
        payload={"id": post.post_id},
    )


def gone(post, seen):
    where = {"source": HERE[0], "instance": HERE[1]}
    return found_gone(post, http_status=404, observed_at=seen, **where)


def is_due(created, looks, now=NOW):
    """A slot begins at each of the hours of a post's life; the one it is in wants a look."""
    age = now - created
    if not timedelta(0) <= age < timedelta(days=7):
        return False
    begun = [hour for hour in HOURS if timedelta(hours=hour) <= age]
    last, was_there = max(looks)
    return was_there and last < created + timedelta(hours=begun[-1])


@given(histories=st.lists(HISTORY, min_size=1, max_size=25))
@ON_ONE_DATABASE
def test_what_is_due_is_what_the_schedule_says(warehouse, histories):
    expected, events = set(), []
    for age, seen_after in histories:
        post = Known(f"p{next(names)}", HERE[1], NOW - age)
        looks = [(post.created_at + after, was_there) for after, was_there in seen_after]
        # A deletion is only ever found of a post that was read.
        looks.append((post.created_at, True))
        events += [(alive if there else gone)(post, seen) for seen, there in looks]
        if is_due(post.created_at, looks):
            expected.add(post)
    with warehouse.transaction(force_rollback=True):
        store(warehouse, events, "run")
        found = due(warehouse, *HERE, NOW, most=100)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_a_week_of_runs_looks_once_in_each_slot(warehouse):
    posts = [Known(f"p{minute}", HERE[1], NOW + timedelta(minutes=minute)) for minute in range(0, 60, 7)]  # fmt: skip
    store(warehouse, [alive(post, NOW + timedelta(hours=1)) for post in posts], "run")
    looks = Counter()
    for half_hour in range(3, 8 * 48):
        now = NOW + timedelta(minutes=30 * half_hour)
        found = due(warehouse, *HERE, now, most=100)
        looks.update(found)
        store(warehouse, [alive(post, now) for post in found], "run")
    # The first slot of each is the one in which it was read; of the post begun on the hour that was the second.
    assert set(looks) == set(posts)
    assert all(len(HOURS) - 2 <= looks[post] <= len(HOURS) - 1 for post in posts)


def test_the_longest_unseen_come_first_and_others_have_their_own(warehouse):
    posts = [Known(f"p{n}", HERE[1], NOW - timedelta(days=2)) for n in range(3)]
    events = [alive(post, NOW - timedelta(hours=7 + n)) for n, post in enumerate(posts)]
    events.append(alive(posts[0], NOW - timedelta(hours=20), instance="elsewhere.example"))
    store(warehouse, events, "run")
    assert due(warehouse, *HERE, NOW, most=2) == [posts[2], posts[1]]
    assert len(due(warehouse, HERE[0], "elsewhere.example", NOW, most=9)) == 1


def test_a_post_that_came_back_is_looked_at_again(warehouse):
    post = Known("p", HERE[1], NOW - timedelta(hours=20))
    store(warehouse, [alive(post, NOW - timedelta(hours=9))], "run")
    store(warehouse, [gone(post, NOW - timedelta(hours=8))], "run")
    assert due(warehouse, *HERE, NOW, most=9) == []
    store(warehouse, [alive(post, NOW - timedelta(hours=7))], "run")
    assert due(warehouse, *HERE, NOW, most=9) == [post]


def test_an_instance_is_one_lookers_until_its_connection_ends(warehouse_settings):
    with connect(warehouse_settings) as second:
        first = connect(warehouse_settings, autocommit=True)
        assert claim_instance(first, *HERE)
        assert not claim_instance(second, *HERE)
        assert claim_instance(second, "mastodon", "elsewhere.example")
        first.close()
        patience = time.monotonic() + 10
        while not claim_instance(second, *HERE):
            assert time.monotonic() < patience
