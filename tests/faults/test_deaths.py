"""Whoever is killed in the middle of a wave, and whenever: the next wave has it all, and nobody is needed."""

import logging
import time

import pytest

from tests.faults.lots import DEATHS, SEED, draw, let_die, name_of
from tests.faults.victims import COMPONENTS
from tests.faults.waves import day, is_whole, said_by_tasks, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1800)]

log = logging.getLogger(__name__)

# What a task's log says of whoever died in it or beside it.
OF_TASKS = {"task": "Process terminated by signal", "model-host": "Another is"}
DRAWN = list(enumerate(draw(SEED, DEATHS)))


@pytest.mark.parametrize(
    ("number", "deaths"),
    DRAWN,
    ids=[f"wave-{number}-{name_of(deaths)}" for number, deaths in DRAWN],
)
def test_a_wave_heals_from_any_death_at_any_moment(calm, undisturbed, number, deaths):
    again = f"make faults N={DEATHS} SEED={SEED} ARGS='-k wave-{number}-'"
    log.warning("The same again: %s", again)
    first, then = day(1 + number)
    before, began = len(calm.said), time.time()
    send(calm.api, first)
    dead = let_die(calm.newcomer, deaths)
    wait_until_all_is_done(calm)
    send(calm.api, then)
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, first, then)
    for victim in dead & COMPONENTS.keys():
        assert f"{victim:<14} was killed by SIGKILL; starts again" in calm.said[before:]
    for victim in dead & OF_TASKS.keys():
        assert OF_TASKS[victim] in said_by_tasks(calm, began)
