"""Runs 0001_foundation.sql."""

from chorus.warehouse.revision import steps_of

revision = "0001"
down_revision = None
upgrade, downgrade = steps_of(__file__)
