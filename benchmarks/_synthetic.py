"""Silver filled with made-up life, by SQL, and the seven views as one would write them straight on the facts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg import sql

from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey

HERE = Path(__file__).parent
UNTIL = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
STEPS = sorted(file.name for file in (HERE / "synthetic").glob("[0-9]*.sql"))
BATCH_STEPS = sorted(file.name for file in (HERE / "synthetic_batch").glob("*.sql"))
ACCOUNT_STEPS = sorted(file.name for file in (HERE / "synthetic_accounts").glob("*.sql"))
EDIT_STEPS = sorted(file.name for file in (HERE / "synthetic_edits").glob("*.sql"))
FOLDERS = ("synthetic", "synthetic_batch", "synthetic_accounts", "synthetic_edits", "plain")
ONCE = ("1_accounts.sql", "2_hashtags.sql")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([HERE / folder for folder in FOLDERS]),
        undefined=StrictUndefined,
        autoescape=False,
    )


def text_of(file: str, settings: Settings) -> str:
    """One SQL file of this folder, with the schemas under their configured names."""
    return _environment().get_template(file).render(settings.schemas)


def live(
    connection: psycopg.Connection[Any],
    settings: Settings,
    *,
    posts: int,
    accounts: int,
    hashtags: int,
    first: int = 0,
    until: datetime = UNTIL,
) -> None:
    """Add posts numbered from `first`, the same for the same numbers; leaves `fact_changes` behind, as a load does."""
    values = {
        "posts": posts,
        "accounts": accounts,
        "hashtags": hashtags,
        "first": first,
        "until": until,
    }
    connection.execute("set local work_mem = '512MB'")
    # One process draws the numbers, in one order.
    connection.execute("set local max_parallel_workers_per_gather = 0")
    connection.execute("select setseed(%s)", [first % 1337 / 1337])
    for step in STEPS:
        if first == 0 or step not in ONCE:
            connection.execute(text_of(step, settings), values)


def remember_hours(
    connection: psycopg.Connection[Any], settings: Settings, until: datetime
) -> None:
    """What `live` left, as the hours that questions compare with."""
    connection.execute(text_of("hashtag_hours.sql", settings), {"until": until})


@contextmanager
def indexed_later(
    owner: psycopg.Connection[Any], settings: Settings, *, but: Sequence[str] = ()
) -> Iterator[None]:
    """Leave out, as long as the block lasts, the indexes that filling does not ask: building them at the end is cheaper."""
    found = owner.execute(
        "select schemaname, indexname, indexdef from pg_indexes"
        " where schemaname = any(%s) and tablename <> all(%s) and indexdef not like 'CREATE UNIQUE%%'"
        " and tablename not like 'mv_%%'",
        [
            [settings.silver_database_schema_name, settings.gold_database_schema_name],
            list(but),
        ],
    ).fetchall()
    for schema, index, _ in found:
        owner.execute(sql.SQL("drop index {}").format(sql.Identifier(schema, index)))
    yield
    for _, _, definition in found:
        owner.execute(definition)


def batch(
    connection: psycopg.Connection[Any],
    settings: Settings,
    *,
    name: str,
    new: int,
    again: int,
    accounts: int,
    hashtags: int,
    until: datetime,
) -> None:
    """Observe new posts and look at old ones again, and mark all of it pending."""
    values = {
        "name": name,
        "new": new,
        "again": again,
        "accounts": accounts,
        "hashtags": hashtags,
        "until": until,
    }
    connection.execute("select setseed(0.42)")
    for step in BATCH_STEPS:
        connection.execute(text_of(step, settings), values)


def rename(
    connection: psycopg.Connection[Any],
    settings: Settings,
    *,
    changed: int,
    every: int,
    until: datetime,
) -> None:
    """Observe that every so many accounts call themselves something else since yesterday, and mark them pending."""
    values = {"changed": changed, "every": every, "until": until}
    for step in ACCOUNT_STEPS:
        connection.execute(text_of(step, settings), values)


def edit(
    connection: psycopg.Connection[Any],
    settings: Settings,
    model: ModelKey,
    *,
    every: int,
    since: datetime,
) -> None:
    """Let every so many posts have been edited, and both wordings read by the model, as silver has it then."""
    values = {"every": every, "since": since, **model.columns}
    for step in EDIT_STEPS:
        connection.execute(text_of(step, settings), values)


def plain_query(view: str, settings: Settings) -> str:
    """What a view says, as a query on the facts."""
    return text_of(f"{view}.sql", settings)
