"""A host whose model breaks over certain words: `python poisonous_host.py` is what a client starts in its tests."""

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import ClassVar

from chorus.sentiment.host.__main__ import main


class PoisonousBackend:
    device = "cpu"
    one_core = False
    kept: ClassVar[list[bytearray]] = []
    turn: ClassVar[threading.Lock] = threading.Lock()

    def predict(self, texts: Sequence[str]) -> list[list[float]]:
        for text in texts:
            if "explode" in text:
                raise ValueError("this text explodes")
            if "kill" in text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "slow" in text:
                time.sleep(0.3)
            if "queue" in text:
                with self.turn:
                    time.sleep(0.3)
            if "endless" in text:
                with self.turn:
                    time.sleep(3600)
            if "grow" in text:
                self.kept.append(bytearray(b"x") * 700_000_000)
            if "overflow" in text:
                return [[math.nan] * 3 for _ in texts]
        return [[0.0, 1.0 - len(text) / 1000, len(text) / 1000] for text in texts]


if __name__ == "__main__":
    sys.exit(main(lambda *_: PoisonousBackend()))
