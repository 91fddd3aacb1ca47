"""The table of 49 columns: of each post of each instance the latest observation."""

from collections.abc import Collection

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

# Of the transformation that writes the rows; raised when the same payload gives another row.
DATA_VERSION = 1
# A source that knows no visibility shows everything to everybody.
DEFAULT_VISIBILITY = "public"


def show_latest(
    connection: Connection, settings: Settings, run_id: str
) -> list[tuple[str, str, str]]:
    """Bring the staged posts in; the posts (source, instance, id) that now have a text no model may have read."""
    rows = connection.execute(
        render("bronze/toots/upsert.sql", settings),
        {"pipeline_run_id": run_id, "data_version": DATA_VERSION},
    ).fetchall()
    included = settings.include_visibilities
    return [
        (str(source), str(instance), str(post_id))
        for source, instance, post_id, says_something, now, text_is_new, before in rows
        if says_something
        and _is_included(now, included)
        and (text_is_new or not _is_included(before, included))
    ]


def _is_included(visibility: object, included: Collection[str]) -> bool:
    return (visibility or DEFAULT_VISIBILITY) in included
