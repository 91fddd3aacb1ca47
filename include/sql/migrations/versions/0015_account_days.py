"""Runs 0015_account_days.sql."""

from chorus.warehouse.revision import steps_of

revision = "0015"
down_revision = "0014"
upgrade, downgrade = steps_of(__file__)
