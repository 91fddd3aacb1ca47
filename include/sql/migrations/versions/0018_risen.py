"""Runs 0018_risen.sql."""

from chorus.warehouse.revision import steps_of

revision = "0018"
down_revision = "0017"
upgrade, downgrade = steps_of(__file__)
