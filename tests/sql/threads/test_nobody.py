"""Nobody is not somebody: what names no author is by no account that is counted, takes part or ranks."""

from datetime import timedelta

import pytest

from chorus.pipelines.gold import refresh_views
from chorus.warehouse import gold_reads
from tests.sql.threads.conftest import SEEN
from tests.sql.threads.test_questions import comment, submission

NAMELESS = {"author": "[deleted]", "body": "still here"}
THREAD = (
    comment(1, "t3_s1", "t3_s1", author="unknown"),  # somebody may well be called so
    comment(2, "t1_c1", "t3_s1", score=900) | NAMELESS,
    comment(3, "t1_c2", "t3_s1", score=900) | NAMELESS,
)


@pytest.fixture
def counted(warehouse):
    """Who takes part, who ranks, how many accounts the day has, and what its posts come to."""

    def look():
        refresh_views(warehouse)
        [participants] = warehouse.execute(
            "select participants from dim_facts.conversation_threads"
        ).fetchone()
        ranked = warehouse.execute(
            "select acct, engagement from analytics.mv_account_influence_analysis"
        ).fetchall()
        [day] = warehouse.execute(
            "select accounts, posts, engagement from analytics.rollup_day where source = '*'"
        ).fetchall()
        top = {row["acct"]: row["engagement"] for row in gold_reads.top_users(warehouse)}
        assert top == dict(ranked)
        warehouse.commit()
        return participants, top, day

    return look


def test_posts_without_an_author_count_and_their_author_does_not(read, counted):
    read([submission(1)], THREAD)
    assert counted() == (2, {"ana": 20, "unknown": 2}, (2, 4, 20 + 2 + 2 * 1800))


def test_whoever_deletes_the_account_leaves_every_count_and_comes_back_into_it(read, counted):
    read([submission(1)], [THREAD[0] | {"author": "bob"}])
    assert counted()[:2] == (2, {"ana": 20, "bob": 2})
    read(comments=[THREAD[0] | NAMELESS], seen=SEEN + timedelta(hours=1))
    assert counted() == (1, {"ana": 20}, (1, 2, 20 + 2))
    read(comments=[THREAD[0] | {"author": "bob"}], seen=SEEN + timedelta(hours=2))
    assert counted() == (2, {"ana": 20, "bob": 2}, (2, 2, 20 + 2))


def test_a_thread_of_nobodies_has_no_participants_and_is_one(read, counted):
    read([submission(1) | {"author": "[deleted]"}], [THREAD[1] | {"parent_id": "t3_s1"}])
    assert counted() == (0, {}, (0, 2, 20 + 1800))
