"""What a source hands over at a time: all that one answer held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from chorus.domain.events import RawEvent, Rejected


@dataclass(frozen=True, slots=True)
class Page:
    """The events of one answer, and what of it bronze refuses; `goes_on_at` is where a reader can take up the walk."""

    events: tuple[RawEvent, ...]
    rejected: tuple[Rejected, ...]
    goes_on_at: Mapping[str, str] | None = None

    @classmethod
    def of(
        cls, looks: Iterable[RawEvent | Rejected], goes_on_at: Mapping[str, str] | None = None
    ) -> Self:
        seen = list(looks)
        return cls(
            tuple(look for look in seen if isinstance(look, RawEvent)),
            tuple(look for look in seen if isinstance(look, Rejected)),
            goes_on_at,
        )


# Of a reading in an event loop: a page, and what was counted by then; at its end the counts alone.
Told = tuple[Page | None, Mapping[str, int]]
