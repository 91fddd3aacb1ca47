"""How far two models agree on the texts that both have read."""

from dataclasses import dataclass

from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many texts got which pair of labels: the confusion matrix, cell by cell."""

    cells: dict[tuple[str, str], int]

    @property
    def texts(self) -> int:
        return sum(self.cells.values())

    @property
    def flips(self) -> int:
        return sum(count for (first, second), count in self.cells.items() if first != second)

    @property
    def agreement(self) -> float:
        return 1 - self.flips / self.texts if self.texts else 0.0

    @property
    def rows(self) -> list[str]:
        return sorted({first for first, _ in self.cells})

    @property
    def columns(self) -> list[str]:
        return sorted({second for _, second in self.cells})


def sample_texts(connection: Connection, settings: Settings, most: int) -> list[str]:
    """Texts of posts, picked by hash and so by chance."""
    found = connection.execute(
        render("bronze/toots/sample_texts.sql", settings), {"most": most}
    )
    return [str(text) for (text,) in found]


def compare_models(
    connection: Connection, settings: Settings, first: ModelKey, second: ModelKey, sample: int
) -> Comparison:
    keys = {
        f"{place}_{column}": value
        for place, key in (("first", first), ("second", second))
        for column, value in key.columns.items()
    }
    found = connection.execute(
        render("silver/post_sentiments/compare.sql", settings), {**keys, "sample": sample}
    )
    return Comparison({(str(a), str(b)): int(str(count)) for a, b, count in found})
