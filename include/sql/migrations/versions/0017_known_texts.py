"""Runs 0017_known_texts.sql."""

from chorus.warehouse.revision import steps_of

revision = "0017"
down_revision = "0016"
upgrade, downgrade = steps_of(__file__)
