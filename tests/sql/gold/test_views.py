"""Each view, over made-up life, against the same thing written plainly on the facts."""

import pytest
from psycopg.rows import dict_row

from benchmarks._synthetic import plain_query
from chorus.domain.errors import CheckFailed, ConfigurationError
from chorus.pipelines.gold import check_gold, refresh_view, refresh_views, views_to_refresh
from chorus.warehouse.connection import connect
from chorus.warehouse.gold_views import VIEWS

KEYS = {
    "mv_daily_engagement_summary": ("day", "source", "instance"),
    "mv_top_performing_content": ("uri",),
    "mv_account_influence_analysis": ("account_uri",),
    "mv_hashtag_performance": ("hashtag",),
    "mv_hourly_posting_patterns": ("language", "weekday", "hour"),
    "mv_sentiment_trends": ("scope", "name", "day"),
    "mv_viral_content_indicators": ("uri",),
}


def found(connection, query, key):
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query).fetchall()
    return {tuple(row[part] for part in key): row for row in rows}


def about(row):
    """A mean of millionths is not to the last bit the mean of what they were rounded from."""
    return {
        name: pytest.approx(value, rel=1e-4, abs=2e-6) if isinstance(value, float) else value
        for name, value in row.items()
    }


@pytest.mark.parametrize("view", VIEWS)
def test_a_refreshed_view_says_what_the_facts_say(view, lived, warehouse_settings):
    refreshed = refresh_view(lived, view)

    shown = found(lived, f"select * from analytics.{view}", KEYS[view])
    plain = found(lived, plain_query(view, warehouse_settings), KEYS[view])
    assert len(shown) == refreshed["rows"] > 50
    assert shown.keys() == plain.keys()
    for key, row in shown.items():
        assert list(row) == list(plain[key])
        assert about(row) == plain[key], key


def test_what_was_refreshed_is_not_refreshed_again_and_passes_the_check(lived):
    assert set(refresh_views(lived)) == set(VIEWS)
    assert views_to_refresh(lived) == []
    assert refresh_views(lived) == {}
    check_gold(lived)


@pytest.mark.parametrize(
    ("tampering", "complaint"),
    [
        ("update analytics.rollup_hour set posts = posts + 1", "is not the sum of its hours"),
        (
            "update analytics.rollup_day set engagement = engagement + 1 where instance = 'one.example'",
            "is not the sum of its instances: 2026-",
        ),
        (
            "update dim_facts.fact_toot_engagement set deleted_at = now() where created_at >= '2026-11-20'",
            "is not the sum of its facts: 2026-11-20",
        ),
        (
            "update analytics.rollup_day set accounts = accounts - 1 where day = '2026-11-20'",
            "mv_daily_engagement_summary does not hold the day as it is: 2026-11-20",
        ),
        (
            "update analytics.rollup_day set best_engagement = 10000000 where instance = '*'",
            "mv_top_performing_content does not begin with the best post",
        ),
    ],
)
def test_the_check_names_what_does_not_agree(tampering, complaint, lived):
    refresh_views(lived)
    lived.execute(tampering)

    with pytest.raises(CheckFailed, match=complaint):
        check_gold(lived)


def test_a_view_that_is_behind_is_nothing_to_complain_about(lived):
    check_gold(lived)


def test_readers_go_on_reading_while_a_view_is_refreshed(lived, warehouse_settings):
    refresh_views(lived)
    with connect(warehouse_settings, "reader") as reader:
        reader.execute("select * from analytics.mv_hashtag_performance")
        refresh_view(lived, "mv_hashtag_performance")


def test_a_view_that_is_none_is_refused_by_name(warehouse):
    with pytest.raises(ConfigurationError, match="no view mv_nothing"):
        refresh_view(warehouse, "mv_nothing")


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_warehouse_has_empty_views(view, warehouse):
    assert refresh_view(warehouse, view)["rows"] == 0
