"""Loading silver as a whole: batches, reruns, two at once, and the checks that own the outlet."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chorus.domain.errors import CheckFailed
from chorus.pipelines.silver import check_silver, load_silver
from chorus.warehouse.connection import connect
from tests.sql.silver.conftest import MODEL, AccountLook, Look, Silver
from tests.sql.silver.natural import difference, naturally

EVERY_ROW = """
    select relname, string_agg(rows, ',' order by rows) from (
        select 'fact' as relname, f.ctid::text || f.xmin as rows from dim_facts.fact_toot_engagement f
        union all select 'content', ctid::text || xmin from dim_facts.dim_content
        union all select 'account', ctid::text || xmin from dim_facts.dim_account
        union all select 'day', ctid::text || xmin from analytics.rollup_day
        union all select 'tag', ctid::text || xmin from dim_facts.hashtag_hourly_stats
    ) as written group by relname
"""


@pytest.fixture
def silver(warehouse, warehouse_settings) -> Silver:
    return Silver(warehouse, warehouse_settings)


def posts(count):
    return [
        Look(post=str(number), author=f"a{number % 3}", tags=("cats",))
        for number in range(count)
    ]


def test_a_load_takes_batch_after_batch_until_nothing_is_pending(silver):
    silver.observe(*posts(7), AccountLook())
    counts = load_silver(silver.connection, silver.settings, "test", MODEL, batch_size=3)
    assert (counts["posts"], counts["loaded"], counts["accounts"]) == (7, 7, 1)
    assert counts["batches"] == 3
    assert silver.value("select count(*) from dim_facts.fact_toot_engagement") == 7


def test_loading_the_same_again_writes_no_row_anywhere(silver):
    looks = [*posts(3), AccountLook(account="a0")]
    silver.load(*looks)
    before = silver.rows(EVERY_ROW)
    counts = silver.load(*looks)
    assert counts["posts"] == 3
    assert (counts["loaded"], counts["account_versions"], counts["changes"]) == (0, 0, 0)
    assert silver.rows(EVERY_ROW) == before
    assert silver.load()["posts"] == 0


def test_two_loads_at_once_take_turns_and_load_every_post_once(silver):
    silver.observe(*posts(30), *[AccountLook(account=f"a{number}") for number in range(3)])
    silver.connection.commit()

    def load(_):
        with connect(silver.settings) as connection:
            return load_silver(connection, silver.settings, "test", MODEL, batch_size=4)

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(load, range(2))
    assert one["loaded"] + other["loaded"] == 30
    check_silver(silver.connection, silver.settings, whole=True)
    left = naturally(silver.connection)
    with connect(silver.settings, "owner") as owner:
        owner.execute(
            "truncate dim_facts.dim_content, dim_facts.dim_account, dim_facts.hashtags cascade"
        )
        owner.execute("truncate dim_facts.account_identities, dim_facts.instances")
        owner.execute(
            "truncate dim_facts.hashtag_hourly_stats, dim_facts.hashtag_hourly_accounts"
        )
    silver.load(*posts(30), *[AccountLook(account=f"a{number}") for number in range(3)])
    assert difference(left, naturally(silver.connection)) == {}


def test_a_load_that_fails_leaves_everything_pending_and_nothing_half_done(silver, owner):
    owner.execute(
        "alter table analytics.rollup_day add constraint refused check (false) not valid"
    )
    with pytest.raises(Exception, match="refused"):
        silver.load(*posts(2))
    assert silver.value("select count(*) from bronze.posts_to_load") == 2
    assert silver.value("select count(*) from dim_facts.dim_content") == 0
    owner.execute("alter table analytics.rollup_day drop constraint refused")
    assert silver.load()["loaded"] == 2


BREAKS = {
    "negative": (
        "update dim_facts.fact_toot_engagement set replies_count = -1",
        r"counts of Mastodon are not negative \(but see https://home.example/posts/0\)",
    ),
    "unloaded": ("delete from bronze.posts_to_load", "every post that was read is one row"),
    "factless": ("delete from dim_facts.fact_toot_engagement", "with one fact"),
    "gap": (
        "update dim_facts.dim_account set valid_from = '2020-01-01'",
        r"no gap and no overlap \(but see account_key \d+ of mastodon/home.example/h-a0\)",
    ),
    "other version": (
        "update dim_facts.dim_account set valid_from = '2099-01-01'",
        r"valid at its creation \(but see content_key \d+ under account_key \d+\)",
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_promise_stops_the_wave_and_names_the_rows(silver, broken):
    harm, sentence = BREAKS[broken]
    silver.load(*posts(1))
    if broken == "unloaded":
        silver.observe(Look(post="7"))
    check_silver(silver.connection, silver.settings)
    silver.connection.execute(harm)
    with pytest.raises(CheckFailed, match=sentence):
        check_silver(silver.connection, silver.settings)


def test_a_foreign_key_that_is_no_longer_enforced_is_named(silver, owner):
    owner.execute(
        "alter table dim_facts.fact_toot_engagement alter constraint fk_fact_date not enforced"
    )
    with pytest.raises(CheckFailed, match=r"fact_toot_engagement\.fk_fact_date"):
        check_silver(silver.connection, silver.settings)
