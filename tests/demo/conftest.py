"""One demo network for all tests of it, at a moment that never changes; a clock of one's own where time moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from chorus.demo.life.world import World
from chorus.demo.network import RunningNetwork, demo_network

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def network(world: World) -> Iterator[RunningNetwork]:
    with demo_network(clock=Clock(), limits=False, world=world) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def moving(world: World, clock: Clock) -> Iterator[RunningNetwork]:
    """A network of its own whose time is moved by `clock`; limits off."""
    with demo_network(clock=clock, limits=False, world=world) as running:
        yield running


@pytest.fixture
def get() -> Iterator[Callable[..., Any]]:
    """JSON of an address; anything but 200 fails the test."""
    with requests.Session() as session:

        def ask(url: str, **query: Any) -> Any:
            response = session.get(url, params=query, timeout=20)
            assert response.status_code == 200, response.text
            return response.json()

        yield ask
