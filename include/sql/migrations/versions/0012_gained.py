"""Runs 0012_gained.sql."""

from chorus.warehouse.revision import steps_of

revision = "0012"
down_revision = "0011"
upgrade, downgrade = steps_of(__file__)
