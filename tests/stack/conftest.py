"""What the tests of the stack have in common."""

import time

import pytest


@pytest.fixture
def eventually():
    """Ask again until it is so."""

    def ask(true, within=10.0):
        patience = time.monotonic() + within
        while not (outcome := true()):
            assert time.monotonic() < patience, "it did not come true"
            time.sleep(0.02)
        return outcome

    return ask
