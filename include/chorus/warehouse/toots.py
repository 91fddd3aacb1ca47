"""The table of 49 columns: of each post of each instance the latest observation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.load_queues import Triple
from chorus.warehouse.statements import render

# Of the transformation that writes the rows; raised when the same payload gives another row.
DATA_VERSION = 1
# A source that knows no visibility shows everything to everybody.
DEFAULT_VISIBILITY = "public"


def show_latest(connection: Connection, settings: Settings, run_id: str) -> list[Triple]:
    """Bring the staged posts in; those that now have a text no model may have read."""
    rows = connection.execute(
        render("bronze/toots/upsert.sql", settings),
        {"pipeline_run_id": run_id, "data_version": DATA_VERSION},
    )
    return _unread(rows, settings)


def rewrite(
    connection: Connection, settings: Settings, changed: Mapping[str, Any]
) -> list[Triple]:
    """Give one post other words; itself, where no model may have read them."""
    return _unread(
        connection.execute(render("bronze/toots/rewrite.sql", settings), changed), settings
    )


def _unread(rows: Iterable[Sequence[Any]], settings: Settings) -> list[Triple]:
    included = settings.include_visibilities
    return [
        (source, instance, post_id)
        for source, instance, post_id, says_something, now, text_is_new, before in rows
        if says_something
        and _is_included(now, included)
        and (text_is_new or not _is_included(before, included))
    ]


def _is_included(visibility: object, included: Collection[str]) -> bool:
    return (visibility or DEFAULT_VISIBILITY) in included
