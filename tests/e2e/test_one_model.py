"""The model is loaded once, however many tasks ask for it."""

import pytest

from tests.e2e.wide import score_wide

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1200)]


def test_sixteen_mapped_tasks_of_the_local_executor_load_it_once(stack):
    states, loads, texts = score_wide(stack, shards=16)
    assert states == ["success"] * 16
    assert loads == 1
    assert texts >= 16 * 20
