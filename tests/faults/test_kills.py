"""Whatever part of a running stack is killed in the middle of a wave: nothing is lost, nothing is doubled, nobody is needed."""

import time

import pytest

from tests.e2e.rebuilding import equals_a_rebuild
from tests.faults.victims import COMPONENTS, kill
from tests.faults.waves import day, is_whole, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

# Whose death a wave does not wait for long.
QUICK = ("model-host", "triggerer", "api-server", "dag-processor")


def test_a_wave_outlasts_those_who_are_killed_beside_it(calm, undisturbed):
    window, _ = day(0)
    send(calm.api, window)
    for victim in QUICK:
        time.sleep(1)
        kill(calm.newcomer, victim)
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, window)
    for victim in QUICK[1:]:
        assert f"{victim:<14} was killed by SIGKILL; starts again" in calm.said


@pytest.mark.nightly
def test_a_wave_heals_from_any_death_at_any_moment(calm, undisturbed, death):
    number, victim, moment = death
    first, then = day(1 + number)
    send(calm.api, first)
    time.sleep(moment)
    kill(calm.newcomer, victim)
    wait_until_all_is_done(calm)
    send(calm.api, then)
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, first, then)
    if victim in COMPONENTS:
        assert f"{victim:<14} was killed by SIGKILL; starts again" in calm.said


@pytest.mark.nightly
def test_after_all_of_them_the_warehouse_equals_a_rebuild(calm):
    equals_a_rebuild(calm)
