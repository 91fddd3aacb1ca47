"""Who is killed in which wave, and when: drawn by lot, and the same seed draws the same."""

import logging
import os
import random
import time
from dataclasses import dataclass

from tests.faults.victims import kill

VICTIMS = (
    "scheduler",
    "dag-processor",
    "triggerer",
    "api-server",
    "task",
    "model-host",
    "postgres",
    "demo-network",
)
A_WAVE = 20.0  # seconds, in which whoever is killed is missed
MOST_AT_ONCE = 3
DEATHS = int(os.environ.get("DEATHS") or 50)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))

log = logging.getLogger(__name__)


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
        waves.append(_in_order(drawn))
    return waves


def draw_each(seed, victims, within):
    """Each of them once."""
    roll = random.Random(seed)
    return _in_order([Death(victim, roll.uniform(0, within)) for victim in victims])


def name_of(deaths):
    """What to repeat, for whoever reads that a test failed."""
    return f"seed-{SEED}-{'-'.join(map(str, deaths))}"


def let_die(newcomer, deaths):
    """From now on, each at its moment; says who was there to die."""
    start = time.monotonic()
    dead = set()
    for death in deaths:
        time.sleep(max(0, start + death.moment - time.monotonic()))
        if died := kill(newcomer, death.victim):
            dead.add(death.victim)
        log.warning("%s %s", death.victim, "was killed" if died else "was not there")
    return dead


def _in_order(deaths):
    return sorted(deaths, key=lambda death: death.moment)
