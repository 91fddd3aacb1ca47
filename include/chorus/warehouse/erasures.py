"""ops.erasures, and every name under which anybody was seen. Nothing here commits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.pseudonyms import Name
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True, slots=True)
class Erasure:
    """One account that was forgotten, by keyed hashes alone."""

    source: str
    instance: str
    account_digest: bytes
    digests: list[bytes]
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One name under which an account was seen on one instance."""

    source: str
    instance: str
    account_id: str
    account_uri: str
    acct: str
    url: str | None

    @property
    def handle(self) -> Name:
        return pseudonyms.handle(self.acct, self.source, self.instance)

    @property
    def own_names(self) -> set[Name]:
        """Those that nobody else can have; two may show the same page."""
        return {
            pseudonyms.uri(self.account_uri),
            self.handle,
            pseudonyms.identifier(self.account_id, self.source, self.instance),
        }

    @property
    def names(self) -> set[Name]:
        return self.own_names | ({pseudonyms.uri(self.url)} if self.url else set())


def read_digests(connection: Connection, settings: Settings) -> frozenset[bytes]:
    rows = connection.execute(render("ops/erasures/read.sql", settings)).fetchall()
    return frozenset(digest for (digest,) in rows if isinstance(digest, bytes))


def every_name(connection: Connection, settings: Settings) -> Iterable[Seen]:
    """All names of all accounts that were ever seen."""
    with connection.cursor(row_factory=class_row(Seen)) as cursor:
        yield from cursor.stream(render("ops/erasures/names.sql", settings))


def write(connection: Connection, settings: Settings, erasure: Erasure) -> Erasure:
    """Add an account to the list; returns it with all its names that are on it now."""
    values = {name: getattr(erasure, name) for name in Erasure.__slots__}
    # A page whose transaction has read the list ends before it grows: what is looked for later has landed.
    connection.execute(render("ops/erasures/lock.sql", settings))
    [(digests, requested_at)] = connection.execute(
        render("ops/erasures/write.sql", settings), values
    ).fetchall()
    known: Any = digests
    since: Any = requested_at
    return Erasure(erasure.source, erasure.instance, erasure.account_digest, list(known), since)


def find_earlier(
    connection: Connection, settings: Settings, digests: Collection[bytes]
) -> list[Erasure]:
    """The requests that know one of these names."""
    with connection.cursor(row_factory=class_row(Erasure)) as cursor:
        return cursor.execute(
            render("ops/erasures/find_earlier.sql", settings), {"digests": list(digests)}
        ).fetchall()


def finish(
    connection: Connection, settings: Settings, erasure: Erasure, counts: dict[str, int]
) -> None:
    values = {
        "source": erasure.source,
        "instance": erasure.instance,
        "account_digest": erasure.account_digest,
        "rows_removed": Jsonb(counts),
    }
    connection.execute(render("ops/erasures/finish.sql", settings), values)
