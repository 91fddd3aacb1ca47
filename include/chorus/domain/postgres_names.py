"""What PostgreSQL lets a database, a role and a schema be called."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from chorus.domain.setting_types import spelled

LONGEST_NAME = 63
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Schemas that are there already, and the words that PostgreSQL keeps to itself.
TAKEN = frozenset(
    """
    information_schema public
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric system_user table tablesample then to trailing true
    union unique user using variadic verbose when where window with
    """.split()  # noqa: SIM905 - a hundred quotes would hide the words
)


def _short_enough(name: str) -> str:
    """PostgreSQL cuts a longer one off, and then looks for what nobody has made."""
    if len(name.encode()) > LONGEST_NAME:
        raise ValueError(
            f"a name in PostgreSQL has at most {LONGEST_NAME} bytes, of which a letter beyond ASCII takes more than one"
        )
    return name


PostgresName = Annotated[str, Field(min_length=1), AfterValidator(_short_enough)]
Role = Annotated[
    PostgresName,
    spelled(
        r"(?!pg_|public$|none$).*", "names such as pg_..., public and none are PostgreSQL's own"
    ),
]


def _identifier(name: str) -> str:
    if not IDENTIFIER.fullmatch(name) or name.startswith("pg_") or name in TAKEN:
        raise ValueError(
            "it must be small letters, digits and underscores, no word of SQL and no schema of PostgreSQL's own"
        )
    return name


Identifier = Annotated[str, AfterValidator(_identifier)]
