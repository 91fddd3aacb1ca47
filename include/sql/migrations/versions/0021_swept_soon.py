"""Runs 0021_swept_soon.sql."""

from chorus.warehouse.revision import steps_of

revision = "0021"
down_revision = "0020"
upgrade, downgrade = steps_of(__file__)
