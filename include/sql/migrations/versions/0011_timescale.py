"""Runs 0011_timescale.sql."""

from chorus.warehouse.revision import steps_of

revision = "0011"
down_revision = "0008"
upgrade, downgrade = steps_of(__file__)
