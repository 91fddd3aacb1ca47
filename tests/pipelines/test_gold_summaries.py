"""The days in words, through the real silver load."""

import pytest

from chorus.pipelines.summaries import summarise, write_summaries
from tests.sql.silver.conftest import Look, Silver

DAY = -24 * 60
QUIET = {
    "posts": 1, "accounts": 1, "posts_before": None, "hashtags": [], "risers": [], "scored": 0, "best_posts": [],
}  # fmt: skip


@pytest.fixture
def silver(warehouse, warehouse_settings):
    return Silver(warehouse, warehouse_settings)


def said(silver, day="2026-03-02", instance="*"):
    return silver.value(
        f"select text from analytics.daily_summaries where day = '{day}' and instance = '{instance}'"
    )


def test_a_day_is_told_in_a_few_sentences(silver):
    yesterday = Look(post="1", created=DAY, tags=("Cats",), text="meh")
    today = [
        Look(post="2", tags=("Cats", "Dogs"), counts=(1, 2, 3), text="yes"),
        Look(post="3", tags=("Dogs",), author="bob", text="no"),
    ]
    silver.observe(yesterday, *today)
    silver.score(yesterday, "neutral")
    silver.score(today[0], "positive", 0.8)
    silver.load()

    assert write_summaries(silver.connection) == 4
    assert said(silver) == (
        "2026-03-02 everywhere: 2 posts by 2 accounts, 100% more than the day before. "
        "Talked about: #dogs (2), #cats (1). Rising: #dogs (0 to 2). "
        "Mood +0.70 (+0.70): 100% positive, 0% neutral, 0% negative. "
        f"What mattered: ada (14) {today[0].uri}, bob (0) {today[1].uri}."
    )
    assert said(silver, day="2026-03-01", instance="home.example").startswith(
        "2026-03-01 on home.example: 1 post by 1 account. Talked about: #cats (1)."
    )


def test_the_same_input_is_written_once_and_a_change_rewrites_its_day_alone(silver):
    silver.load(Look(post="1", created=DAY), Look(post="2"))
    write_summaries(silver.connection)
    assert write_summaries(silver.connection) == 0

    silver.load(Look(post="2", counts=(0, 9, 0), seen=5))

    assert write_summaries(silver.connection) == 2
    assert "(18)" in said(silver)


def test_nothing_is_said_of_a_day_whose_posts_are_gone(silver):
    silver.load(Look(post="1", created=DAY), Look(post="2"))
    write_summaries(silver.connection)
    silver.load(Look(post="1", created=DAY, gone=True, seen=5))
    write_summaries(silver.connection)

    days = silver.rows("select distinct day::text from analytics.daily_summaries")
    assert days == [("2026-03-02",)]


def test_a_day_without_moods_tags_or_a_day_before_says_no_more_than_it_knows():
    assert summarise("2026-03-02", "*", QUIET) == "2026-03-02 everywhere: 1 post by 1 account."


def test_as_many_posts_as_before_is_neither_more_nor_fewer():
    same = summarise("2026-03-02", "*", QUIET | {"posts": 1000, "posts_before": 1001})
    assert "1,000 posts by 1 account, as many as the day before." in same
    fewer = summarise("2026-03-02", "*", QUIET | {"posts": 50, "posts_before": 100})
    assert "50% fewer than the day before." in fewer
