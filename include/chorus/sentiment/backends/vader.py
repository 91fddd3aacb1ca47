"""VADER, as probabilities.

VADER gives one number, the compound c in [-1, 1], and publishes when a text counts as positive (c >= 0.05), negative
(c <= -0.05) or neutral. The probability of the side that c leans to is a function of |c|: 0 at 0, one half at the
threshold, 1 at 1, linear between; neutral has the rest and the other side nothing. So the likeliest label is VADER's
own, its probability is never below one half, and a stronger compound is a stronger mood.
"""

import importlib.metadata
import threading
from collections.abc import Sequence
from pathlib import Path

import vaderSentiment
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from chorus.domain.errors import ModelMismatch
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.preprocessing import PREPROCESSING
from chorus.sentiment.weights import verify_file

# The time VADER takes over a text with "but" grows with the square of its length. Ten times what a post on Mastodon may
# have, and more than the 512 tokens a transformer reads.
LONGEST = 5_000
# VADER rounds to four decimals, so 0.05 itself lies on the far side of this.
CROSSING = 0.04995


class VaderBackend:
    """Reads a text in some 50 microseconds of one core, and of a very long one the beginning."""

    one_core = True

    def __init__(self, card: ModelCard) -> None:
        installed = importlib.metadata.version("vaderSentiment")
        if installed != card.revision:
            raise ModelMismatch(
                f"vaderSentiment {installed} is installed, but {card.path} says {card.revision}: mend one of them."
            )
        folder = Path(vaderSentiment.__file__).parent
        for name, checksum in card.files.items():
            verify_file(folder / name, checksum)
        self.device = "cpu"
        self._prepare = PREPROCESSING[card.preprocessing]
        self._analyzer = SentimentIntensityAnalyzer()
        # Two callers at once would both be answered late; in turns one writes while the other is read.
        self._turn = threading.Lock()

    def predict(self, texts: Sequence[str]) -> list[Probabilities]:
        with self._turn:
            return [
                probabilities(
                    self._analyzer.polarity_scores(self._prepare(text[:LONGEST]))["compound"]
                )
                for text in texts
            ]


def probabilities(compound: float) -> Probabilities:
    """Negative, neutral, positive."""
    strength = abs(compound)
    if strength < CROSSING:
        leaning = 0.5 * strength / CROSSING
    else:
        leaning = 0.5 + 0.5 * (strength - CROSSING) / (1 - CROSSING)
    return [leaning, 1 - leaning, 0.0] if compound < 0 else [0.0, 1 - leaning, leaning]
