"""Runs 0004_silver.sql."""

from chorus.warehouse.revision import steps_of

revision = "0004"
down_revision = "0003"
upgrade, downgrade = steps_of(__file__)
