"""A host whose model breaks over every text, or dies while it loads where the card's name says so."""

import os
import signal
import sys
from collections.abc import Sequence

from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.__main__ import main


class BrokenBackend:
    device = "cpu"
    one_core = False

    def __init__(self, card: ModelCard, *_: object) -> None:
        if card.name == "stillborn":
            os.kill(os.getpid(), signal.SIGKILL)

    def predict(self, _texts: Sequence[str]) -> list[list[float]]:
        raise RuntimeError("nothing works today")


if __name__ == "__main__":
    sys.exit(main(BrokenBackend))
