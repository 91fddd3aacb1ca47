"""A warehouse with a quarter of made-up life in it."""

import pytest

from benchmarks._synthetic import live
from chorus.warehouse.gold import apply_rollups


@pytest.fixture
def lived(warehouse, warehouse_settings):
    """A quarter of life: two loads, the second one into what the first one left."""
    with warehouse.transaction():
        live(warehouse, warehouse_settings, posts=4000, accounts=1500, hashtags=1500)
        apply_rollups(warehouse)
    with warehouse.transaction():
        live(
            warehouse, warehouse_settings, posts=1000, accounts=1500, hashtags=1500, first=4000
        )
        apply_rollups(warehouse)
    return warehouse
