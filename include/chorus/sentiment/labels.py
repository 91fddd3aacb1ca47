"""What the probabilities of a card's labels mean."""

from collections.abc import Sequence
from typing import NamedTuple

NEUTRAL = "neutral"


class Verdict(NamedTuple):
    label: str
    confidence: float


def judge(labels: Sequence[str], scores: dict[str, float], threshold: float) -> Verdict:
    """The likeliest label; neutral where even that is not likely enough and the model knows neutral."""
    likeliest = max(labels, key=scores.__getitem__)
    confidence = scores[likeliest]
    unsure = confidence < threshold and NEUTRAL in labels
    return Verdict(NEUTRAL if unsure else likeliest, confidence)
