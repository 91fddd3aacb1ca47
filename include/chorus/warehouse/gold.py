"""Keeps gold's rollups exact: what a silver load changed is added to them, with its sign, in the load's transaction.

The load leaves what it changed in the temporary table `fact_changes`: one row with sign -1 for the state a post was
counted in, one with +1 for the state it counts in now. Nothing else of silver is read.
"""

from collections.abc import Iterable

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

# In this order: numbers of accounts first; what is brought down to nothing goes once it is counted; spans and extremes are
# looked up after; an account's number is let go of when nothing holds it any longer.
STEPS = (
    "rollup_account/register",
    "rollup_changes/drop",
    "rollup_changes/make",
    "rollup_changes/analyze",
    "rollup_post/apply",
    "rollup_post/remove",
    "rollup_day/apply",
    "rollup_day/prune",
    "rollup_day/extremes",
    "rollup_account_day/prune",
    "rollup_hour/apply",
    "rollup_hour/prune",
    "rollup_hashtag/apply",
    "rollup_hashtag/prune",
    "rollup_hashtag_account/prune",
    "rollup_hashtag_day/apply",
    "rollup_hashtag_day/prune",
    "rollup_hashtag/span",
    "rollup_hashtag_pair/apply",
    "rollup_hashtag_pair/prune",
    "rollup_account/apply",
    "rollup_account/span",
    "rollup_account/prune",
    "days_to_summarise/mark",
    "view_state/mark",
)
ROLLUPS = (
    "rollup_account",
    "rollup_account_day",
    "rollup_post",
    "rollup_day",
    "rollup_hour",
    "rollup_hashtag",
    "rollup_hashtag_account",
    "rollup_hashtag_day",
    "rollup_hashtag_pair",
)


def apply_rollups(
    connection: Connection, settings: Settings | None = None, steps: Iterable[str] = STEPS
) -> None:
    """Add `fact_changes` to every rollup and mark the views that read them; the caller commits."""
    for step in steps:
        # Never prepared: each load has temporary tables of its own.
        connection.execute(render(f"gold/{step}.sql", settings), prepare=False)
