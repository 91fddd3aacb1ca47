"""Runs 0002_bronze.sql."""

from chorus.warehouse.revision import steps_of

revision = "0002"
down_revision = "0001"
upgrade, downgrade = steps_of(__file__)
