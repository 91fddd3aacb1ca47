"""What the loads of a week left, in whatever order and however often they died, is what a rebuild makes."""

import re
from datetime import timedelta

import pytest

from chorus.pipelines.rebuild import rebuild, rebuild_days
from tests.rebuild.standing import (
    LEFT_OUT,
    LEFT_OUT_COLUMNS,
    QUERIES,
    changed,
    columns,
    relations,
    remember,
)
from tests.rebuild.week import DAYS, START, Week

# What no load would mend: none of it waits to be loaded, and nothing adds up any longer.
HARM = (
    "update dim_facts.fact_toot_engagement set engagement_score = 1000 where content_key % 5 = 1",
    "delete from dim_facts.post_mentions",
    "update dim_facts.thread_replies set depth = depth + 7",
    "update analytics.rollup_hashtag set posts = posts + 1",
    "update dim_facts.hashtag_hourly_stats set posts = 0",
    """insert into dim_facts.dim_content (source, instance, post_id, uri, is_reply, created_at)
        values ('mastodon', 'nowhere.demo', '1', 'https://nowhere.demo/1', false, '2026-11-11')""",
    """insert into dim_facts.fact_toot_engagement
        select content_key, (select min(account_key) from dim_facts.dim_account), 20261111, 0, 0, created_at,
            0, 0, 0, 0, now(), null, '', now()
        from dim_facts.dim_content where instance = 'nowhere.demo'""",
)


def test_everything_there_is_is_compared(owner):
    assert relations(owner) == QUERIES.keys() | LEFT_OUT


def test_every_column_is_compared_but_for_the_few_that_are_named(owner):
    left_out = {
        column
        for table, column in columns(owner)
        if table in QUERIES
        and not QUERIES[table].startswith("select *")
        and column not in re.findall(r"\w+", QUERIES[table].partition(" from ")[0])
    }
    assert left_out == LEFT_OUT_COLUMNS


@pytest.mark.parametrize(
    ("hours", "posts_per_hour"),
    [(24, 2), pytest.param(6, 6, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)])],
    ids=["small", "large"],
)
def test_a_week_of_loads_leaves_what_a_rebuild_makes(
    owner, warehouse_settings, monkeypatch, tmp_path, hours, posts_per_hour
):
    week = Week(warehouse_settings, monkeypatch, seed=7)
    week.live(tmp_path, hours=hours, posts_per_hour=posts_per_hour)
    remember(owner)
    assert week.killed > 1
    sources = owner.execute(
        "select distinct source from dim_facts.dim_content order by 1"
    ).fetchall()
    assert sources == [("mastodon",), ("reddit",)]
    for name in QUERIES:
        some = owner.execute(f'select exists (select from before."{name}")').fetchone()
        assert some == (name != "dim_facts.hashtag_minute_stats",), name

    rebuild(week.settings, "test", batch_size=100)

    assert changed(owner) == {}

    for harm in HARM:
        owner.execute(harm)
    assert changed(owner).keys() > {"dim_facts.thread_replies", "analytics.rollup_hashtag"}

    rebuild_days(week.settings, "test", START.date(), START.date() + timedelta(days=DAYS))

    assert changed(owner) == {}
