"""A client of the test's own server, and a gate that lets everybody through and remembers."""

import pytest

from chorus.sources import http
from chorus.sources.http import Http


class OpenGate:
    """Nobody waits; what it was told is kept."""

    def __init__(self):
        self.turns, self.budgets, self.waits, self.failures = 0, [], [], []

    def wait_for_turn(self):
        self.turns += 1

    def answered(self, budget):
        self.budgets.append(budget)

    def slowed(self, wait):
        self.waits.append(wait)

    def failed(self, error):
        self.failures.append(error)


@pytest.fixture
def gate():
    return OpenGate()


@pytest.fixture
def client(httpserver, gate):
    with Http(httpserver.url_for(""), gate, timeout=2) as opened:
        yield opened


@pytest.fixture
def _one_try(monkeypatch):
    """What fails fails at once."""
    monkeypatch.setattr(http, "ATTEMPTS", 1)


@pytest.fixture
def _no_naps(monkeypatch):
    """Tries follow each other without a wait."""
    monkeypatch.setattr(http, "nap", lambda _: 0.0)
