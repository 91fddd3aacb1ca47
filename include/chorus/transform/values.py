"""Values out of other people's JSON: each of the type its column has, or a reason why not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# Nobody has more of anything, and so much of everybody's still adds up to a bigint.
MOST_COUNTED = 2**31
# What is indexed must fit into a page of PostgreSQL's index.
INDEXED = 2_000
SURELY_INDEXED = INDEXED // 4


class Unfit(ValueError):
    """The payload cannot become a row; the text says why, for the dead letter."""


def text(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _surprise(name, value, "a text")


def identifier(payload: Mapping[str, Any], name: str) -> str | None:
    """An id or an address: short enough for an index; None where it is absent or empty."""
    value = payload.get(name)
    if value is None:
        return None
    if type(value) is str and len(value) <= SURELY_INDEXED:
        return value or None
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        raise _surprise(name, value, "a text")
    if len(value.encode()) > INDEXED:
        raise Unfit(f"{name} is longer than {INDEXED} bytes")
    return value or None


def count(payload: Mapping[str, Any], name: str) -> int | None:
    """None where the server does not count."""
    value = payload.get(name)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise _surprise(name, value, "a whole number")
    if abs(value) > MOST_COUNTED:
        raise Unfit(f"{name} is more than anybody has, beyond {MOST_COUNTED:,}")
    return value


def flag(payload: Mapping[str, Any], name: str) -> bool | None:
    value = payload.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise _surprise(name, value, "true or false")


def moment(payload: Mapping[str, Any], name: str) -> datetime | None:
    """UTC, also where the server forgot to say so."""
    value = payload.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _surprise(name, value, "a time")
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is UTC:
            return parsed
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Unfit(f"{name} is {value[:50]!r}, which is no time") from error


def mappings(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list; none where it is absent."""
    value = payload.get(name)
    if not value:
        return []
    if not isinstance(value, list):
        raise _surprise(name, value, "a list")
    return [item for item in value if isinstance(item, dict)]


def _surprise(name: str, value: object, wanted: str) -> Unfit:
    return Unfit(f"{name} is {type(value).__name__} where {wanted} belongs")
