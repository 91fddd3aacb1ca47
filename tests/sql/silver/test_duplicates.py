"""The same words again are marked with the post that said them first, and kept."""

import random

import pytest

from tests.sql.silver.conftest import Look

MARKED = """
    select again.uri, earliest.uri from dim_facts.post_duplicates
    join dim_facts.dim_content as again using (content_key)
    join dim_facts.dim_content as earliest on first_content_key = earliest.content_key
    order by again.created_at
"""
FIRST = Look(post="first", author="ada", created=-50, text="buy now")
ELSEWHERE = Look(post="r", author="eve", created=-40, text="buy now", source="reddit")
LATER = Look(
    post="later", author="bob", created=-30, text="buy now", home="away.example", instance="away.example"
)  # fmt: skip
OTHER = Look(post="other", created=-20, text="buy later")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_arrives_first_the_first_that_was_said_is_the_first(silver, seed):
    for look in random.Random(seed).sample([FIRST, ELSEWHERE, LATER, OTHER], 4):
        silver.load(look)

    assert silver.rows(MARKED) == [(ELSEWHERE.uri, FIRST.uri), (LATER.uri, FIRST.uri)]
    assert silver.rows("select count(*) from dim_facts.fact_toot_engagement") == [(4,)]


def test_a_post_is_no_duplicate_of_itself_however_often_and_wherever_it_is_seen(silver):
    silver.load(
        Look(seen=1), Look(seen=2, counts=(9, 9, 9)), Look(seen=3, instance="away.example")
    )
    assert silver.rows(MARKED) == []


def test_posts_without_words_are_no_duplicates_of_each_other(silver):
    silver.load(
        Look(post="1", text="", media=("a.png",)), Look(post="2", text=" ", media=("b.png",)), Look(post="3", text=" ")
    )  # fmt: skip
    assert silver.rows(MARKED) == []


def test_an_edit_ends_it_and_makes_the_next_one_the_first(silver):
    silver.load(FIRST, ELSEWHERE, LATER)
    silver.load(Look(post="first", author="ada", created=-50, text="sold out", seen=5))
    assert silver.rows(MARKED) == [(LATER.uri, ELSEWHERE.uri)]
