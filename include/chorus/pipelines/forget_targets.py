"""The log of what was read names its targets, and an account can be one: where it was forgotten, its pseudonym stands there."""

from collections import Counter

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.forgetting import Forgotten
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

# Only of Mastodon can an account be a target.
SOURCE = "mastodon"


def forget_targets(
    connection: Connection, settings: Settings, forgotten: Forgotten
) -> Counter[str]:
    """Go through the targets that were accounts; returns how many were theirs."""
    counts: Counter[str] = Counter()
    found = connection.execute(
        render("bronze/pipeline_steps/find_accounts.sql", settings)
    ).fetchall()
    for (target,) in found:
        instance, _, acct = str(target).partition(" @")
        name = pseudonyms.handle(acct, SOURCE, instance)
        if not forgotten.knows(name):
            continue
        who = pseudonyms.pseudonym(name, forgotten.secret)
        values = {"target": target, "renamed": f"{instance} @{who}", "acct": acct, "who": who}
        for file in ("bronze/pipeline_steps/rename.sql", "ops/reading_progress/forget.sql"):
            connection.execute(render(file, settings), values)
        counts["targets"] += 1
    return counts
