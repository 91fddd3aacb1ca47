"""What the schemas hold, read from PostgreSQL's catalog, and what they ought to hold.

`include/sql/catalogue.json` is written from a freshly migrated database (`chorus warehouse catalogue`) and checked by
a test; so `verify` needs no right but to read, and `docs/data-model.md` is generated without a server.
"""

import json
from typing import Any

from psycopg import Connection

from chorus import paths
from chorus.config import Settings
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

FILE = paths.SQL / "catalogue.json"

Catalogue = dict[str, dict[str, Any]]


def read_catalogue(connection: Connection[Any], settings: Settings) -> Catalogue:
    """Every relation under the names our SQL files use, however the schemas are called here."""
    names = settings.schemas
    generic = {names[key]: key for key in ("bronze", "silver", "gold", "ops")}
    schemas = list(generic)
    rows = connection.execute(
        render("ops/catalogue/relations.sql", settings), {"schemas": schemas}
    ).fetchall()
    toots = settings.bronze_database_table_name
    return {
        f"{generic[schema]}.{'toots' if name == toots else name}": json.loads(
            _generic(json.dumps(what), names)
        )
        for schema, name, what in rows
    }


def expected_catalogue() -> Catalogue:
    found: Catalogue = json.loads(FILE.read_text())
    return found


def write_catalogue(catalogue: Catalogue) -> None:
    FILE.write_text(json.dumps(catalogue, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def differences(expected: Catalogue, found: Catalogue) -> list[str]:
    """What is missing, unexpected or different, one sentence each."""
    sentences = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    sentences += [
        f"{name} is not ours: no migration makes it"
        for name in sorted(found.keys() - expected.keys())
    ]
    for name in sorted(expected.keys() & found.keys()):
        sentences += _differences_within(name, expected[name], found[name])
    return sentences


def _differences_within(
    name: str, expected: dict[str, Any], found: dict[str, Any]
) -> list[str]:
    sentences = []
    if expected["kind"] != found["kind"]:
        sentences.append(f"{name} is a {found['kind']} and should be a {expected['kind']}")
    if expected["definition"] != found["definition"]:
        sentences.append(f"{name} selects something else than its migration says")
    for part in ("columns", "indexes", "constraints"):
        wanted, have = _by_name(expected[part]), _by_name(found[part])
        singular = part.removesuffix("s").removesuffix("e" if part == "indexes" else "")
        sentences += [f"{name} lacks the {singular} {key}" for key in wanted.keys() - have]
        sentences += [f"{name} has a {singular} {key} too many" for key in have.keys() - wanted]
        sentences += [
            f"{name} has another {singular} {key} than its migration makes"
            for key in wanted.keys() & have.keys()
            if wanted[key] != have[key]
        ]
    return sorted(sentences)


def _by_name(items: list[dict[str, Any]] | dict[str, Any]) -> dict[str, Any]:
    return {item["name"]: item for item in items} if isinstance(items, list) else items


def _generic(text: str, names: dict[str, str]) -> str:
    """Put our own names where PostgreSQL shows the configured ones, longest first."""
    text = text.replace(f"{names['toots']}", "{toots}")
    for key in ("bronze", "silver", "gold", "ops"):
        text = text.replace(f"{names[key]}.", f"{{{key}}}.")
    return text


def verify(settings: Settings) -> list[str]:
    """What is missing, unexpected or different in the warehouse; any role may ask."""
    with connect(settings) as connection:
        return differences(expected_catalogue(), read_catalogue(connection, settings))
