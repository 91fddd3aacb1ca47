"""One observation as bronze takes it in, and what is said about one that bronze refuses."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from chorus.domain.identity import canonical, event_id, payload_hash

EventType = Literal["status", "reblog", "account", "deletion", "submission", "comment"]
Name = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]

PLAIN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
OLDEST = datetime(2005, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
# An odd number of backslashes: an escaped NUL, not text that shows one.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class RawEvent(BaseModel):
    """One look at one thing; `id` and `payload_hash` follow from what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Name
    source_id: Name
    instance: Name
    event_type: EventType
    post_id: Name
    occurred_at: AwareDatetime
    observed_at: AwareDatetime
    payload: dict[str, Any]

    @model_validator(mode="after")
    def _can_be_stored(self) -> Self:
        if self.occurred_at < OLDEST:
            raise ValueError(f"it claims to be from {self.occurred_at}, before {OLDEST.year}")
        if self.occurred_at > self.observed_at + AHEAD:
            raise ValueError(f"it claims to be from {self.occurred_at}, more than a day ahead")
        try:
            if holds_nul(self.payload_json):
                raise ValueError("it holds a NUL character, which PostgreSQL cannot store")
            if not self.payload_json.isascii() and not storable(self.payload_json):
                raise ValueError(
                    "it holds half of a surrogate pair, which PostgreSQL cannot store"
                )
            _ = self.id
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error
        return self

    @cached_property
    def payload_json(self) -> str:
        return PLAIN.encode(self.payload)

    @cached_property
    def payload_hash(self) -> bytes:
        return payload_hash(self.event_type, self.payload)

    @cached_property
    def id(self) -> UUID:
        return event_id(
            self.source, self.instance, self.event_type, self.post_id, self.payload_hash
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What bronze refuses, whole, with the reason: a dead letter before it is posted."""

    source: str
    source_id: str
    instance: str
    event_type: str
    payload: Any
    error_class: str
    error: str
    post_id: str | None = None
    occurred_at: datetime | None = None
    raw_event_id: UUID | None = None
    observed_at: datetime | None = None


def take_in(
    *, source: str, source_id: str, instance: str, event_type: str, payload: Any, **rest: Any
) -> RawEvent | Rejected:
    """A raw event, or what is wrong with it: nothing a server sends raises past here."""
    where = {
        "source": source,
        "source_id": source_id,
        "instance": instance,
        "event_type": event_type,
        "payload": payload,
    }
    try:
        return RawEvent.model_validate({**where, **rest})
    except ValidationError as error:
        observed_at = rest.get("observed_at")
        return Rejected(
            **where | {"source_id": _as_column(source_id) or ""},
            observed_at=observed_at if isinstance(observed_at, datetime) else None,
            post_id=_as_column(rest.get("post_id")),
            error_class="ValidationError",
            error="; ".join(_sentence(flaw) for flaw in error.errors(include_input=False)),
        )


def refused_by_warehouse(event: RawEvent, error: Exception) -> Rejected:
    """An event that PostgreSQL would not take after all."""
    return Rejected(
        source=event.source,
        source_id=event.source_id,
        instance=event.instance,
        event_type=event.event_type,
        post_id=event.post_id,
        occurred_at=event.occurred_at,
        raw_event_id=event.id,
        observed_at=event.observed_at,
        payload=event.payload,
        error_class=type(error).__name__,
        error=str(error).splitlines()[0],
    )


def _as_column(name: Any) -> str | None:
    """A name for a letter's own columns; what it really was stands in the payload."""
    return name if isinstance(name, str) and name and storable(name) else None


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair."""
    return UNSTORABLE.search(text) is None


def holds_nul(text: str) -> bool:
    """Whether JSON holds an escaped NUL, which jsonb refuses."""
    return "\\u0000" in text and NUL.search(text) is not None


def json_or_bytes(value: Any) -> tuple[str | None, bytes | None]:
    """A value as JSON that PostgreSQL can hold, or else its bytes; one of the two is None."""
    if isinstance(value, bytes):
        return None, value
    try:
        text = canonical(value).decode()
    except (ValueError, RecursionError):
        return None, _at_any_rate(value)
    return (None, text.encode()) if holds_nul(text) else (text, None)


def _at_any_rate(value: Any) -> bytes:
    try:
        return json.dumps(value).encode()
    except (ValueError, RecursionError):
        return repr(value).encode(errors="backslashreplace")


def _sentence(flaw: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in flaw["loc"])
    problem = flaw["msg"].removeprefix("Value error, ")
    return f"{where}: {problem}" if where else problem
