"""Which faults are drawn: `make faults N=... SEED=...`; without a seed every night draws its own, and says which."""

import os
import random

from tests.faults.victims import VICTIMS
from tests.faults.waves import A_WAVE

FAULTS = int(os.environ.get("FAULTS") or 50)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))


def pytest_report_header():
    return f"faults: drawn with SEED={SEED}"


def pytest_generate_tests(metafunc):
    """Who dies and after how many seconds: the same seed draws the same."""
    if "death" in metafunc.fixturenames:
        roll = random.Random(SEED)
        drawn = [(n, roll.choice(VICTIMS), roll.uniform(0, A_WAVE)) for n in range(FAULTS)]
        names = [f"SEED={SEED}-{n}-{who}-after-{when:.1f}-s" for n, who, when in drawn]
        metafunc.parametrize("death", drawn, ids=names)
