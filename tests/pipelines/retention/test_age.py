"""What leaves by age, and what stays whatever its age."""

import random
from datetime import timedelta
from operator import sub

import pytest

from tests.pipelines.retention.conftest import NOW


def ago(**parts):
    return NOW - timedelta(**parts)


@pytest.fixture
def post(bronze, owner):
    """A post that snapshots may hang on."""
    owner.execute(
        "insert into dim_facts.dim_content (content_key, source, instance, post_id, uri, is_reply, created_at)"
        " values (1, 'mastodon', 'i', 'p', 'u', false, now()), (2, 'mastodon', 'i', 'q', 'v', false, now())"
    )


def snapshots(bronze, *moments, key=1):
    for moment in moments:
        bronze.connection.execute(
            "insert into dim_facts.post_metric_snapshots (content_key, captured_at, engagement_score)"
            " values (%s, %s, 0)",
            [key, moment],
        )
    bronze.connection.commit()


def left(bronze):
    return {
        moment
        for (moment,) in bronze.rows("select captured_at from dim_facts.post_metric_snapshots")
    }


def thinned(moments):
    """An oracle: the last of each hour before 7 days ago, the last of each day before 30."""
    hours = ago(days=7).replace(minute=0)
    days = ago(days=30).replace(hour=0, minute=0)
    kept = {}
    for moment in sorted(moments):
        if moment >= hours:
            bucket = moment
        elif moment >= days:
            bucket = moment.strftime("%F %H")
        else:
            bucket = moment.strftime("%F")
        kept[bucket] = moment
    return set(kept.values())


def test_snapshots_thin_to_hours_and_days(bronze, post):
    moments = [ago(minutes=17 * n) for n in range(2, 3600, 3)]
    snapshots(bronze, *moments)
    snapshots(bronze, ago(days=40), key=2)
    counts = bronze.retain()
    assert left(bronze) == thinned(moments) | {ago(days=40)}
    assert counts["snapshots"] == len(moments) - len(thinned(moments))


def test_thinning_day_by_day_leaves_what_thinning_once_leaves(bronze, post):
    moments = [ago(minutes=47 * n) for n in range(2, 1500)]
    snapshots(bronze, *moments)
    for day in range(45, -1, -3):
        bronze.retain(ago(days=day))
    assert left(bronze) == thinned(moments)


def test_what_was_gained_between_the_snapshots_that_stay_is_not_lost(bronze, post):
    roll = random.Random(5)
    moments = [ago(minutes=17 * n) for n in range(3600, 1, -roll.randrange(2, 5))]
    counts = [roll.randrange(-20, 100) for _ in moments]
    bronze.connection.cursor().executemany(
        "insert into dim_facts.post_metric_snapshots (content_key, captured_at, engagement_score, gained)"
        " values (1, %s, %s, %s)",
        zip(moments, counts, map(sub, counts, [0, *counts]), strict=False),
    )
    bronze.connection.commit()
    for day in (20, 0):
        bronze.retain(ago(days=day))
        kept = bronze.connection.execute(
            "select engagement_score, gained from dim_facts.post_metric_snapshots order by captured_at"
        ).fetchall()
        scores = [score for score, _ in kept]
        assert [gained for _, gained in kept] == list(map(sub, scores, [0, *scores]))
    assert len(kept) < len(moments)


def test_letters_stay_until_they_were_replayed_or_discarded_long_ago(bronze):
    fates = [
        (None, None),
        (ago(days=91), None),
        (ago(days=89), None),
        (None, ago(days=91)),
    ]
    for number, (replayed, discarded) in enumerate(fates):
        bronze.connection.execute(
            "insert into bronze.dead_letters"
            " (stage, error_class, error, created_at, replayed_at, discarded_at, payload)"
            " values ('extract', 'E', 'e', '2020-01-01', %s, %s, %s)",
            [replayed, discarded, str(number)],
        )
    assert bronze.retain()["dead_letters"] == 2
    assert len(bronze.rows("select * from bronze.dead_letters")) == 2


def test_stream_events_leave_once_they_were_taken_in_or_given_up(bronze):
    for days, processed, error in (
        (15, ago(days=15), None),
        (15, None, "gone"),
        (15, None, None),
        (13, ago(days=13), None),
    ):
        bronze.connection.execute(
            "insert into bronze.stream_events (instance, received_at, event_type, processed_at, process_error)"
            " values ('i', %s, 'update', %s, %s)",
            [ago(days=days), processed, error],
        )
    assert bronze.retain()["stream_events"] == 2


def test_old_runs_keep_their_row_and_lose_their_details(bronze):
    for run, days in (("old", 401), ("young", 399)):
        bronze.connection.execute(
            "insert into bronze.pipeline_runs"
            " (pipeline_run_id, dag_id, run_id, started_at, details, code_version)"
            """ values (%s, 'd', %s, %s, '{"much": 1}', '1')""",
            [run, run, ago(days=days)],
        )
        bronze.connection.execute(
            "insert into bronze.pipeline_steps (pipeline_run_id, step, target, state, started_at)"
            " values (%s, 'extract', '', 'success', %s)",
            [run, ago(days=days)],
        )
        # Counted by pipeline_errors_total, which would seem to begin anew if it ever shrank.
        bronze.connection.execute(
            "insert into bronze.pipeline_steps (pipeline_run_id, step, target, state, started_at, failures)"
            " values (%s, 'score', '', 'success', %s, 1)",
            [run, ago(days=days)],
        )
    counts = bronze.retain()
    assert (counts["run_details"], counts["run_steps"]) == (1, 1)
    assert bronze.rows("select sum(failures) from bronze.pipeline_steps") == [(2,)]
    assert bronze.rows("select pipeline_run_id, details from bronze.pipeline_runs") == [
        ("old", {}),
        ("young", {"much": 1}),
    ]
