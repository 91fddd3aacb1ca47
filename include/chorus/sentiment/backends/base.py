"""The one protocol of every backend, and the way to open one."""

from collections.abc import Sequence
from math import isfinite
from typing import Protocol

from chorus.sentiment.cards import ModelCard, Precision

Probabilities = list[float]


class Backend(Protocol):
    """Reads texts; safe to call from several threads at once."""

    device: str
    # Python all through, so that several threads that ask read no more than one.
    one_core: bool

    def predict(self, texts: Sequence[str]) -> list[Probabilities]:
        """A probability for each label of the card, in its order, text by text."""
        ...


def require_numbers(answers: Sequence[Probabilities]) -> None:
    """A model whose reckoning ran over answers NaN, which is nobody's mood and must not become a row."""
    if not all(isfinite(sum(answer)) for answer in answers):
        raise ArithmeticError("the model's answer is not a number")


def open_backend(card: ModelCard, device: str, precision: Precision) -> Backend:
    """Load the model. Only the host's process does this."""
    if card.backend == "vader":
        from chorus.sentiment.backends.vader import VaderBackend  # noqa: PLC0415

        return VaderBackend(card)
    if precision == "int8":
        from chorus.sentiment.backends.quantized import open_measured  # noqa: PLC0415

        return open_measured(card)
    from chorus.sentiment.backends.transformer import TransformerBackend  # noqa: PLC0415

    return TransformerBackend(card, device, precision)
