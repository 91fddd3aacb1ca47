"""Parts of a running stack are killed in the middle of a wave, which goes on: the few that cost every run little."""

import time

import pytest

from tests.faults.lots import SEED, draw_each, let_die, name_of
from tests.faults.victims import kill
from tests.faults.waves import day, is_whole, said_by_tasks, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

# Whose death a wave does not wait for long.
QUICK = ("model-host", "triggerer", "api-server", "dag-processor")
DRAWN = draw_each(SEED, QUICK, within=8)


@pytest.mark.parametrize("deaths", [DRAWN], ids=name_of)
def test_a_wave_outlasts_those_who_are_killed_beside_it(calm, undisturbed, deaths):
    window, _ = day(0)
    before = len(calm.said)
    send(calm.api, window)
    let_die(calm.newcomer, deaths)
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, window)
    for victim in QUICK[1:]:
        assert f"{victim:<14} was killed by SIGKILL; starts again" in calm.said[before:]


def test_the_log_of_a_task_that_was_killed_says_so_and_it_is_tried_again(calm, undisturbed):
    window, _ = day(250)
    began = time.time()
    send(calm.api, window)
    assert kill(calm.newcomer, "task")
    wait_until_all_is_done(calm)
    is_whole(calm, undisturbed, window)
    assert "Process terminated by signal" in said_by_tasks(calm, began)
