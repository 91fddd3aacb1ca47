"""Runs 0019_tag_hours.sql."""

from chorus.warehouse.revision import steps_of

revision = "0019"
down_revision = "0018"
upgrade, downgrade = steps_of(__file__)
