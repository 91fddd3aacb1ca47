"""Removed posts of Reddit: they keep their place and their first words, unless those are to be emptied."""

from datetime import timedelta

import pytest

from chorus.pipelines.silver import load_silver
from tests.sql.threads.conftest import SEEN
from tests.sql.threads.test_questions import chain_of, comment, submission

REMOVED = {"body": "[removed]", "author": "[deleted]"}


@pytest.fixture
def now(warehouse):
    def look(post_id):
        row = warehouse.execute(
            """
            select content.content_text, fact.deleted_at, account.acct,
                array(
                    select version.content_text from dim_facts.post_versions as version
                    where version.content_key = content.content_key order by version.version_seq
                )
            from dim_facts.dim_content as content
            inner join dim_facts.fact_toot_engagement as fact using (content_key)
            inner join dim_facts.dim_account as account using (account_key)
            where content.post_id = %s
            """,
            [post_id],
        ).fetchone()
        warehouse.commit()
        return row

    return look


def test_a_comment_that_was_seen_before_it_was_removed_keeps_what_it_said(
    read, now, warehouse, warehouse_settings
):
    comments = chain_of(2, "t3_s1")
    read([submission(1)], comments)
    read(comments=[comments[0] | REMOVED], seen=SEEN + timedelta(hours=1))
    assert now("t1_c0") == ("yes", SEEN + timedelta(hours=1), "bob", ["yes"])

    redacting = warehouse_settings.model_copy(update={"redact_deleted": True})
    warehouse.execute(
        "insert into bronze.posts_to_load (uri) select uri from dim_facts.dim_content"
    )
    load_silver(warehouse, redacting, "run/1")
    assert now("t1_c0") == ("", SEEN + timedelta(hours=1), "bob", [None])


def test_a_comment_that_was_first_seen_removed_keeps_its_place(read, now, places):
    trunk = chain_of(4, "t3_s1")
    trunk[1] |= REMOVED
    read([submission(1)], trunk)
    assert places() == {f"t1_c{step}": ("t3_s1", step + 1) for step in range(4)}
    assert now("t1_c1") == (None, SEEN, "[unknown]", [])

    read(
        comments=[trunk[1] | {"body": "back", "author": "bob"}], seen=SEEN + timedelta(hours=1)
    )
    assert now("t1_c1") == ("back", None, "bob", ["back"])


def test_somebody_who_writes_removed_is_not_removed(read, now):
    read([submission(1)], [comment(1, "t3_s1", "t3_s1", body="[removed]", author="bob")])
    assert now("t1_c1") == ("[removed]", None, "bob", ["[removed]"])


def test_a_title_survives_its_removed_body_as_a_version(read, now):
    whole = submission(1) | {"selftext": "the story"}
    read([whole])
    read(
        [whole | {"selftext": "[removed]", "removed_by_category": "moderator"}],
        seen=SEEN + timedelta(hours=1),
    )
    assert now("t3_s1") == (
        "Thread 1\n\nthe story",
        SEEN + timedelta(hours=1),
        "ana",
        ["Thread 1\n\nthe story"],
    )
