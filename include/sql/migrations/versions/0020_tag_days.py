"""Runs 0020_tag_days.sql."""

from chorus.warehouse.revision import steps_of

revision = "0020"
down_revision = "0019"
upgrade, downgrade = steps_of(__file__)
