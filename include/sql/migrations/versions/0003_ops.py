"""Runs 0003_ops.sql."""

from chorus.warehouse.revision import steps_of

revision = "0003"
down_revision = "0002"
upgrade, downgrade = steps_of(__file__)
