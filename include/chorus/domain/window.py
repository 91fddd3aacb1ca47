"""The span of time a run reads: half-open, always UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from chorus.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """`since` belongs to it, `until` does not."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            message = f"The window {self.since} to {self.until} names no time zone; add one, as in 2026-11-20T09:00Z."
            raise ConfigurationError(message)
        if self.since >= self.until:
            message = f"The window {self} is empty; its end must lie after its start."
            raise ConfigurationError(message)

    @classmethod
    def back_from(cls, until: datetime, length: timedelta) -> Self:
        return cls(until - length, until)

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    def __str__(self) -> str:
        return f"{_short(self.since)} to {_short(self.until)}"


def _short(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
