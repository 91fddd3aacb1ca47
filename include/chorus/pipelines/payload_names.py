"""What payloads call an account: the warehouse has no column for the id of somebody who is only mentioned."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chorus.config import Settings
from chorus.domain.forgetting import accounts_in
from chorus.domain.pseudonyms import Name
from chorus.pipelines.archive import read_payloads
from chorus.pipelines.forget_payloads import found_named, literally
from chorus.warehouse import raw_weeks
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen
from chorus.warehouse.parquet import Place
from chorus.warehouse.statements import render


def find_in_payloads(
    connection: Connection,
    settings: Settings,
    archive: Place,
    source: str,
    names: Collection[Name],
) -> set[Seen]:
    """Every account in a raw event of a source, kept or archived, that has one of these names; all are read."""
    words = sorted({word for name in names for word in _words(name)})
    return {
        one
        for read_from, instance, payload in _payloads(connection, settings, archive, words)
        if read_from == source
        for account in accounts_in(json.loads(payload))
        if not (one := _seen(account, source, instance)).own_names.isdisjoint(names)
    }


def _payloads(
    connection: Connection, settings: Settings, archive: Place, words: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Those in which one of the words occurs."""
    relation = f"{settings.bronze_database_schema_name}.raw_events"
    statement = render("bronze/raw_events/find_named.sql", settings, relation=relation)
    needles = {"needles": [f"%{literally(word)}%" for word in words]}
    for _, _, source, _, instance, _, _, _, payload in found_named(
        connection, statement, needles
    ):
        yield source, instance, payload
    for week in raw_weeks.read_weeks(connection, settings):
        if week.generation is None:
            continue
        for source, instance, payload in read_payloads(archive, week):
            lowered = payload.lower()
            if any(word in lowered for word in words):
                yield source, instance, payload


def _words(name: Name) -> list[str]:
    """What a payload must contain that gives an account this name."""
    if name.kind == "id":
        account_id = name.value.rpartition("\0")[2].lower()
        return [f'"id": "{account_id}"', f'"id": {account_id}']
    return [name.value.lower() if name.kind == "uri" else name.value.partition("@")[0]]


def _seen(account: Mapping[str, Any], source: str, instance: str) -> Seen:
    acct = str(account["acct"])
    account_id = str(account["id"]) if account.get("id") is not None else f"@{acct}"
    url = account["url"] if isinstance(account.get("url"), str) else None
    uri = account["uri"] if isinstance(account.get("uri"), str) else url
    return Seen(
        source,
        instance,
        account_id,
        uri or f"{source}://{instance}/@{account_id.removeprefix('@')}",
        acct,
        url,
    )
