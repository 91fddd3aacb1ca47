"""Every name that the warehouse knows of an account, whichever of them it is called by. Nothing here commits."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg.rows import args_row, class_row

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen
from chorus.warehouse.statements import render


class Found(NamedTuple):
    """A name, and whether a request led to it by an id, a handle or an address."""

    by: str
    seen: Seen


def find_account(
    connection: Connection, settings: Settings, source: str, instance: str, words: Sequence[str]
) -> list[Found]:
    """Every name of what a handle, id or address leads to; a word may be the handle of one and the id of another."""
    values = {"source": source, "home": pseudonyms.HOME.get(source)}
    connection.execute("drop table if exists seen_names")
    connection.execute(render("ops/erasures/make_names.sql", settings), values, prepare=False)
    named: dict[str, set[Seen]] = {}
    for word in words:
        for one in _named(connection, settings, instance, word):
            named.setdefault(one.by, set()).add(one.seen)
    return [
        Found(by, one)
        for by in sorted(named)
        for one in find_alike(connection, settings, named[by])
    ]


def find_alike(connection: Connection, settings: Settings, seen: Iterable[Seen]) -> list[Seen]:
    """These and all other names of the same account, of those that `find_account` has read."""
    known: set[Seen] = set()
    new = set(seen)
    # A recursive query would join all names with each other: nobody tells the planner how few one account has.
    while new:
        known |= new
        values = {
            "addresses": [one.account_uri for one in new],
            "urls": [one.url for one in new if one.url],
            "ids": [f"{one.instance} {one.account_id}" for one in new],
            "handles": [one.handle.value for one in new],
        }
        with connection.cursor(row_factory=class_row(Seen)) as cursor:
            found = cursor.execute(
                render("ops/erasures/find_alike.sql", settings), values, prepare=False
            )
            new = set(found) - known
    return sorted(known, key=str)


def _named(connection: Connection, settings: Settings, instance: str, word: str) -> list[Found]:
    bare = word.removeprefix("@").removeprefix("/").removeprefix("u/").lower()
    values = {
        "instance": instance,
        "account": word,
        "accts": [bare, bare.removesuffix(f"@{instance}")],
    }
    with connection.cursor(row_factory=args_row(_found)) as cursor:
        return cursor.execute(
            render("ops/erasures/find_names.sql", settings), values, prepare=False
        ).fetchall()


def _found(by: str, *name: Any) -> Found:
    return Found(by, Seen(*name))
