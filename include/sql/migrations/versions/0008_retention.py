"""Runs 0008_retention.sql."""

from chorus.warehouse.revision import steps_of

revision = "0008"
down_revision = "0005"
upgrade, downgrade = steps_of(__file__)
