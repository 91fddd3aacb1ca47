"""Runs 0013_active_models.sql."""

from chorus.warehouse.revision import steps_of

revision = "0013"
down_revision = "0012"
upgrade, downgrade = steps_of(__file__)
