"""What ops_watch found when it last looked, every rule in its order: what the page in Airflow shows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain.errors import WarehouseError
from chorus.domain.rules import WAREHOUSE, WATCHED, Rule
from chorus.warehouse.connection import connect
from chorus.warehouse.statements import render

# Three looks that did not come: as ChorusWatchStandsStill has it.
STANDS_STILL = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Known:
    """`is_well` is None where nobody looked yet."""

    rule: Rule
    is_well: bool | None
    sentence: str
    since: datetime | None = None
    looked_at: datetime | None = None


def what_is_known(settings: Settings) -> list[Known]:
    """The warehouse and each rule; where it does not let us in, that is all there is to say."""
    try:
        with (
            connect(settings) as connection,
            connection.cursor(row_factory=dict_row) as cursor,
        ):
            cursor.execute(render("ops/watch_state/read.sql", settings))
            found = {row["rule"]: row for row in cursor}
    except (WarehouseError, psycopg.Error) as error:
        return [Known(WAREHOUSE, is_well=False, sentence=str(error).splitlines()[0])]
    answers = Known(WAREHOUSE, is_well=True, sentence="It answers.")
    return [answers, *(_known(rule, found.get(rule.name)) for rule in WATCHED)]


def last_look(known: list[Known]) -> datetime | None:
    """When ops_watch last looked at anything."""
    return max((it.looked_at for it in known if it.looked_at), default=None)


def stands_still(known: list[Known]) -> bool:
    """Whether what is known is too old to go by."""
    last = last_look(known)
    return last is not None and datetime.now(UTC) - last > STANDS_STILL


def _known(rule: Rule, row: dict[str, Any] | None) -> Known:
    if row is None:
        return Known(rule, is_well=None, sentence="Nobody has looked yet.")
    return Known(rule, **{name: value for name, value in row.items() if name != "rule"})
