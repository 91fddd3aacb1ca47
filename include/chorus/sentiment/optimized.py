"""The model in int8 on this machine: is it there, was it measured on these weights, and is it near enough?"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from chorus.domain.errors import ModelMismatch, ModelMissing
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.weights import SAFE, checksum_of, verify_file

MODEL = "model.onnx"
RECORD = "measured.json"
MOST_FLIPS = 0.005
FEWEST_TEXTS = 1000


@dataclass(frozen=True, slots=True)
class Measurement:
    """How many labels differ from those of the exact model, over how many texts; and of which files that is true."""

    texts: int
    flips: int
    largest_difference: float
    weights: str
    model: str

    @property
    def share(self) -> float:
        return self.flips / self.texts

    @property
    def is_near_enough(self) -> bool:
        return self.texts >= FEWEST_TEXTS and self.share <= MOST_FLIPS

    def keep(self, folder: Path) -> None:
        (folder / RECORD).write_text(json.dumps(asdict(self), indent=2) + "\n")


def require_optimized(card: ModelCard) -> Measurement:
    """Say in one sentence why int8 is refused; costs a few stat calls."""
    if not all((card.optimized / name).is_file() for name in (MODEL, RECORD)):
        raise ModelMissing(
            f"{card.name} was not measured in int8 on this machine: run `chorus model optimize {card.name}`, "
            "or set SENTIMENT_PRECISION=auto."
        )
    found = Measurement(**json.loads((card.optimized / RECORD).read_text()))
    if not found.is_near_enough:
        raise ModelMismatch(
            f"{card.name} in int8 flips {found.flips} labels of {found.texts}, more than {MOST_FLIPS:.1%} "
            f"or measured on fewer than {FEWEST_TEXTS} texts: set SENTIMENT_PRECISION=auto."
        )
    return found


def verify_optimized(card: ModelCard) -> None:
    """Read the files: they must be those that were measured."""
    found = require_optimized(card)
    verify_file(card.optimized / MODEL, found.model)
    if checksum_of(card.weights / SAFE) != found.weights:
        raise ModelMismatch(
            f"The weights of {card.name} have changed since they were measured in int8: "
            f"run `chorus model optimize {card.name}`."
        )
