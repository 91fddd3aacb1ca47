"""The rollups after real silver loads, against counting every post again."""

from hypothesis import HealthCheck, Phase, given, settings

from chorus.warehouse.days import count_anew
from chorus.warehouse.gold import ROLLUPS
from tests.sql.gold.natural import READ, rows
from tests.sql.silver.conftest import Look, Silver
from tests.sql.silver.test_any_order import _empty, two_arrivals

PUBLIC = ("public", "unlisted")


def test_what_any_loads_leave_is_what_counting_everything_again_gives(
    warehouse, warehouse_settings, owner
):
    silver = Silver(warehouse, warehouse_settings)

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(two_arrivals())
    def agrees(arrivals):
        _empty(owner)
        owner.execute("truncate " + ", ".join(f"analytics.{rollup}" for rollup in ROLLUPS))
        for batch in arrivals[0]:
            for thing in batch:
                if isinstance(thing, tuple):
                    silver.score(*thing)
                else:
                    silver.observe(thing)
            silver.load()
        with warehouse.transaction(force_rollback=True):
            left = {name: rows(warehouse, name) for name in READ}
            count_anew(warehouse, warehouse_settings)
            assert left == {name: rows(warehouse, name) for name in READ}

    agrees()


def test_an_edit_moves_the_tags_and_a_deletion_takes_them_away(warehouse, warehouse_settings):
    silver = Silver(warehouse, warehouse_settings)
    tags = "select name, posts from analytics.rollup_hashtag join dim_facts.hashtags using (hashtag_id)"

    silver.load(Look(tags=("Cats",), seen=1))
    assert silver.rows(tags) == [("cats", 1)]
    silver.load(Look(tags=("Dogs",), seen=2, edited=2))
    assert silver.rows(tags) == [("dogs", 1)]
    silver.load(Look(gone=True, seen=3))
    assert silver.rows(tags) == []
    silver.load(Look(tags=("Dogs",), seen=4, edited=2))
    assert silver.rows(tags) == [("dogs", 1)]
