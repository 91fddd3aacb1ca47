"""What a source hands over at a time: all that one answer held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from chorus.domain.events import RawEvent, Rejected


@dataclass(frozen=True, slots=True)
class Page:
    """The events of one answer, what of it bronze refuses, and where reading would go on."""

    events: tuple[RawEvent, ...]
    rejected: tuple[Rejected, ...]
    go_on: Mapping[str, str] | None

    @classmethod
    def of(
        cls, looks: Iterable[RawEvent | Rejected], go_on: Mapping[str, str] | None = None
    ) -> Self:
        seen = list(looks)
        return cls(
            tuple(look for look in seen if isinstance(look, RawEvent)),
            tuple(look for look in seen if isinstance(look, Rejected)),
            go_on,
        )
