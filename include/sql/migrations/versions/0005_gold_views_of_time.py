"""Runs 0005_gold_views_of_time.sql."""

from chorus.warehouse.revision import steps_of

revision = "0005_views_of_time"
down_revision = "0005_rollups"
upgrade, downgrade = steps_of(__file__)
