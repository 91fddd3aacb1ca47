"""REDACT_DELETED: what gone posts said is emptied wherever bronze keeps it.

Whether a post is gone is asked after everything a batch brings is written, and only one batch of a source is there at a
time: so it makes no difference in which order, and by how many workers, a post and its deletion are taken in.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

A_DAY = timedelta(days=1)
STATEMENTS = (
    "bronze/toots/redact.sql",
    "bronze/post_observations/redact.sql",
    "bronze/raw_events/redact.sql",
    "bronze/raw_events/redact_boosts.sql",
)


def take_turns(connection: Connection, settings: Settings, sources: Collection[str]) -> None:
    """To be called before a batch writes anything; holds until it commits."""
    statement = render("bronze/raw_events/lock_redaction.sql", settings)
    connection.execute(statement, {"sources": sorted(sources)})


def redact_gone(
    connection: Connection, settings: Settings, keys: Sequence[tuple[UUID, datetime]]
) -> int:
    """Empty what the gone ones among these processed raw events' posts said; how many there were."""
    ids, occurred_ats = zip(*keys, strict=True)
    gone = connection.execute(
        render("bronze/post_observations/gone.sql", settings),
        {"ids": list(ids), "occurred_ats": list(occurred_ats)},
    ).fetchall()
    if gone:
        sources, instances, post_ids, moments = map(list, zip(*gone, strict=True))
        posts = {
            "sources": sources,
            "instances": instances,
            "post_ids": post_ids,
            # Only the partitions where they can be: a payload lies at its post's creation.
            "first": min(moments) - A_DAY,
            "last": max(moments) + A_DAY,
        }
        for statement in STATEMENTS:
            connection.execute(render(statement, settings), posts)
    return len(gone)
