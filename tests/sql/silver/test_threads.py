"""Conversations: depth at load, orphans adopted, only what counts counted."""

from tests.sql.silver.conftest import Look


def chain(*posts, **looks):
    """Each answers the one before it and is a minute younger."""
    pairs = zip(posts, (None, *posts), strict=False)
    return [
        Look(post=post, answers=answers, created=-60 + place, author=f"author{place}", **looks)
        for place, (post, answers) in enumerate(pairs)
    ]


def replies(silver):
    return silver.rows(
        "select c.post_id, p.post_id, r.post_id, t.depth from dim_facts.thread_replies t"
        " join dim_facts.dim_content c using (content_key)"
        " join dim_facts.dim_content p on p.content_key = parent_key"
        " join dim_facts.dim_content r on r.content_key = root_key order by c.created_at"
    )


def threads(silver):
    return silver.rows(
        "select post_id, depth, reply_count, participants from dim_facts.conversation_threads"
        " join dim_facts.dim_content on content_key = root_key order by 1"
    )


def test_an_orphan_is_a_root_until_its_parent_arrives_and_takes_its_thread_along(silver):
    one, two, three, four = chain("1", "2", "3", "4")
    silver.load(three, four)
    assert replies(silver) == [("h4", "h3", "h3", 1)]
    assert threads(silver) == [("h3", 1, 1, 2)]
    silver.load(one)
    silver.load(two)
    assert replies(silver) == [
        ("h2", "h1", "h1", 1),
        ("h3", "h2", "h1", 2),
        ("h4", "h3", "h1", 3),
    ]
    assert threads(silver) == [("h1", 3, 3, 4)]


def test_deleted_and_private_replies_hold_the_thread_together_and_are_not_counted(silver):
    one, two, three = chain("1", "2", "3")
    silver.load(one, two, three)
    silver.load(Look(post="3", gone=True, created=three.created, seen=1))
    assert threads(silver) == [("h1", 1, 1, 2)]
    silver.load(Look(post="2", answers="1", created=two.created, visibility="private", seen=2))
    assert threads(silver) == []
    assert len(replies(silver)) == 2


def test_a_parent_is_found_on_any_instance_where_both_were_seen(silver):
    one, two = chain("1", "2", instance="away.example")
    silver.load(one, Look(post="2", created=two.created, answers="9"))
    assert replies(silver) == []
    silver.load(two)
    assert [(child, depth) for child, _, _, depth in replies(silver)] == [("a2", 1)]


def test_posts_that_claim_to_answer_each_other_do_not_bite_their_tail(silver):
    silver.load(
        Look(post="1", answers="2", created=-60), Look(post="2", answers="1", created=-59)
    )
    assert replies(silver) == [("h2", "h1", "h1", 1)]
