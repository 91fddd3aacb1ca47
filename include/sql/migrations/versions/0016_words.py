"""Runs 0016_words.sql."""

from chorus.warehouse.revision import steps_of

revision = "0016"
down_revision = "0015"
upgrade, downgrade = steps_of(__file__)
