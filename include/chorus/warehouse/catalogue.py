"""What the schemas hold, read from PostgreSQL's catalog, and what they ought to hold.

`include/sql/catalogue.json` is written from a freshly migrated database (`chorus generate`) and checked by
a test; so `verify` needs no right but to read, and `docs/data-model.md` is generated without a server.
"""

import json
import re
from collections.abc import Collection
from typing import Any

from psycopg import Connection

from chorus import paths
from chorus.config import Settings
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

FILE = paths.SQL / "catalogue.json"

Catalogue = dict[str, dict[str, Any]]
PARTS = {
    "columns": "column",
    "indexes": "index",
    "constraints": "constraint",
    "grants": "grant to",
}


def read_catalogue(connection: Connection[Any], settings: Settings) -> Catalogue:
    """All that stands in the schemas, and they, under the names our SQL files use, however they are called here."""
    names = settings.schemas
    generic = {names[key]: key for key in ("bronze", "silver", "gold", "ops")}
    toots = settings.bronze_database_table_name

    def asked(file: str) -> list[tuple[Any, ...]]:
        statement = render(f"ops/catalogue/{file}.sql", settings)
        return connection.execute(statement, {"schemas": list(generic)}).fetchall()

    def ours(schema: str, name: str | None) -> str:
        place = generic[schema]
        return place if name is None else f"{place}.{'toots' if name == toots else name}"

    found = {
        ours(schema, name): json.loads(_generic(json.dumps(what), names))
        for schema, name, what in [*asked("relations"), *asked("routines")]
    }
    for schema, name, role, privileges in asked("grants"):
        thing = found.setdefault(ours(schema, name), {"kind": "schema"})
        thing.setdefault("grants", {})[role] = privileges
    return found


def expected_catalogue() -> Catalogue:
    found: Catalogue = json.loads(FILE.read_text())
    return found


def write_catalogue(catalogue: Catalogue) -> None:
    FILE.write_text(json.dumps(catalogue, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def differences(
    expected: Catalogue, found: Catalogue, parts: Collection[str] = tuple(PARTS)
) -> list[str]:
    """What is missing, unexpected or different, one sentence each."""
    sentences = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    sentences += [
        f"{name} is not ours: no migration makes it"
        for name in sorted(found.keys() - expected.keys())
    ]
    for name in sorted(expected.keys() & found.keys()):
        sentences += _differences_within(name, expected[name], found[name], parts)
    return sentences


def _differences_within(
    name: str, expected: dict[str, Any], found: dict[str, Any], parts: Collection[str]
) -> list[str]:
    sentences = []
    if expected["kind"] != found["kind"]:
        sentences.append(f"{name} is a {found['kind']} and should be a {expected['kind']}")
    if expected.get("definition") != found.get("definition"):
        does = "does" if "(" in name else "selects"
        sentences.append(f"{name} {does} something else than its migration says")
    for part in parts:
        singular = PARTS[part]
        wanted, have = _by_name(expected.get(part, {})), _by_name(found.get(part, {}))
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
        text = text.replace(f"'{names[key]}'", f"'{{{key}}}'")
    return text


def verify(settings: Settings) -> list[str]:
    """What is missing, unexpected or different in the warehouse; any role may ask."""
    with connect(settings) as connection:
        sentences = differences(expected_catalogue(), read_catalogue(connection, settings))
    return [_as_called_here(sentence, settings.schemas) for sentence in sentences]


def _as_called_here(sentence: str, names: dict[str, str]) -> str:
    """Each sentence begins with the name of a thing; whoever reads it knows that by its configured name."""
    if sentence.startswith("bronze.toots "):
        return names["toots"] + sentence.removeprefix("bronze.toots")
    layer = re.match(r"\w+", sentence)
    return sentence if layer is None else names[layer[0]] + sentence[layer.end() :]
