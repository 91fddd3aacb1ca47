"""Runs 0005_gold_views_of_posts.sql."""

from chorus.warehouse.revision import steps_of

revision = "0005"
down_revision = "0005_views_of_time"
upgrade, downgrade = steps_of(__file__)
