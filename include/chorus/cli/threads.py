"""`chorus comment-depths` and `chorus viral-chains`: questions about conversations, of Reddit and Mastodon alike."""

from typing import Annotated

import typer

from chorus.cli.warehouse_reads import Json, Most, answer
from chorus.config import load_settings
from chorus.warehouse import threads
from chorus.warehouse.connection import Connection
from chorus.warehouse.threads import Row

Source = Annotated[
    str | None, typer.Option(help="Only this platform, as in reddit; all if left out.")
]


def comment_depths(*, source: Source = None, most: Most = 10, as_json: Json = False) -> None:
    """Show how deep people talk: in every subreddit and instance, and in the deepest threads whose beginning was read."""
    visibilities = load_settings().include_visibilities

    def question(connection: Connection) -> list[Row]:
        rows = threads.comment_depths(
            connection, visibilities=visibilities, source=source, most=most
        )
        return rows if as_json else [row | {"levels": _levels(row)} for row in rows]

    answer(question, as_json=as_json)


def viral_chains(
    *,
    min_depth: Annotated[
        int, typer.Option(min=1, help="Fewest steps from the first post to the last.")
    ] = 5,
    min_engagement: Annotated[
        int, typer.Option(help="Least engagement of all posts on the way together.")
    ] = 100,
    source: Source = None,
    most: Most = 10,
    as_json: Json = False,
) -> None:
    """Show the conversations that went deep and moved many, the longest first, of threads whose beginning was read."""
    visibilities = load_settings().include_visibilities

    def question(connection: Connection) -> list[Row]:
        rows = threads.viral_chains(
            connection,
            min_depth=min_depth,
            min_engagement=min_engagement,
            visibilities=visibilities,
            source=source,
            most=most,
        )
        return rows if as_json else [_on_one_line(row) for row in rows]

    answer(question, as_json=as_json)


def _levels(row: Row) -> str:
    levels = sorted(row["levels"].items(), key=lambda level: int(level[0]))
    return " ".join(f"{depth}:{replies}" for depth, replies in levels)


def _on_one_line(row: Row) -> Row:
    """The path by its authors; what a chain before it has shown already is three dots."""
    authors = ["…"] * bool(row["shared_steps"]) + [str(step["acct"]) for step in row["steps"]]
    return {
        "depth": row["depth"],
        "engagement": row["engagement"],
        "community": row["community"],
        "begins": row["begins"],
        "path": " > ".join(authors),
        "ends_at": row["steps"][-1]["url"],
    }
