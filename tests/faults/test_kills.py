"""Parts of a running stack are killed in the middle of a wave, which goes on: the few that cost every run little."""

import time

import pytest

from tests.faults.victims import kill
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
