"""Who is killed in which wave, and when: drawn by lot, and the same seed draws the same."""

import os
import random
from dataclasses import dataclass

from tests.faults.victims import VICTIMS

A_WAVE = 20.0  # seconds, in which whoever is killed is missed
MOST_AT_ONCE = 3
DEATHS = int(os.environ.get("DEATHS") or 50)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))


@dataclass(frozen=True)
class Death:
    """So many seconds after the wave was sent."""

    victim: str
    moment: float

    def __str__(self):
        return f"{self.victim}-after-{self.moment:.1f}-s"


def draw(seed, deaths):
    """Waves of a few deaths each; fewer deaths are the beginning of more."""
    roll = random.Random(seed)
    waves = []
    while deaths > 0:
        drawn = [
            Death(roll.choice(VICTIMS), roll.uniform(0, A_WAVE))
            for _ in range(roll.randint(1, MOST_AT_ONCE))
        ][:deaths]
        deaths -= len(drawn)
        waves.append(sorted(drawn, key=lambda death: death.moment))
    return waves
