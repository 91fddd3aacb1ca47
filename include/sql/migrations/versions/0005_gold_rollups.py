"""Runs 0005_gold_rollups.sql."""

from chorus.warehouse.revision import steps_of

revision = "0005_rollups"
down_revision = "0004"
upgrade, downgrade = steps_of(__file__)
