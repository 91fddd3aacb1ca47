"""Runs 0014_nobody.sql."""

from chorus.warehouse.revision import steps_of

revision = "0014"
down_revision = "0013"
upgrade, downgrade = steps_of(__file__)
