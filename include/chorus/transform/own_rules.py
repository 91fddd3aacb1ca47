"""What a source asks of its payloads, as they came: a schema for each kind of event, of the fields that it names."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chorus.transform.quality_schema import broken
from chorus.transform.rows import Event

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

# (event type) -> the schema; its columns are fields of the payload, and `observed_at`. None: anything will do.
Rules = Callable[[str], "DataFrameSchema | None"]
Rows = dict[int, list[Any]]
SEEN = "observed_at"


@dataclass
class OwnRules:
    """Notes of each payload of a batch only what its source's schema asks about."""

    # By the name of a source: its rules; None where it has none.
    rules_of: Callable[[str], Rules | None]
    _noted: dict[tuple[str, str], tuple["DataFrameSchema | None", Rows]] = field(
        default_factory=dict
    )

    def note(self, place: int, event: Event, payload: Mapping[str, Any]) -> None:
        kind = event.source, event.event_type
        if kind not in self._noted:
            rules = self.rules_of(event.source)
            self._noted[kind] = (rules(event.event_type) if rules else None, {})
        schema, rows = self._noted[kind]
        if schema is not None:
            rows[place] = [
                event.observed_at if name == SEEN else _plain(payload.get(name))
                for name in schema.columns
            ]

    def refused(self) -> dict[int, str]:
        """By its place in the batch, what is wrong with a payload."""
        import pandas as pd

        found: dict[int, list[str]] = defaultdict(list)
        for schema, rows in self._noted.values():
            if rows and schema is not None:
                frame = pd.DataFrame(
                    rows.values(), index=list(rows), columns=list(schema.columns), dtype=object
                )
                for place, reasons in broken(schema, frame).items():
                    found[place] += reasons
        return {place: "; ".join(reasons) for place, reasons in found.items()}


def _plain(value: object) -> object:
    """No rule is about what is inside of a field."""
    return value if isinstance(value, str | int | float) else None
