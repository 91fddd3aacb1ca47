"""The demo network as a process of its own: says where it is, runs until it is told to end."""

import asyncio
import signal
from pathlib import Path

from chorus.demo.addresses import FILE
from chorus.demo.life.world import POSTS_PER_HOUR, SEED, World
from chorus.demo.network import DemoNetwork
from chorus.demo.ports import Ports


def serve(
    state_dir: Path,
    *,
    ports: Ports,
    seed: int = SEED,
    posts_per_hour: float = POSTS_PER_HOUR,
    limits: bool = True,
) -> None:
    """Write the addresses into `state_dir` once every server listens; take them away at the end."""
    state_dir.mkdir(parents=True, exist_ok=True)
    world = World(seed, posts_per_hour=posts_per_hour)
    network = DemoNetwork(world=world, limits=limits, ports=ports, state_dir=state_dir)
    asyncio.run(_until_told(network, state_dir))


async def _until_told(network: DemoNetwork, state_dir: Path) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    addresses = await network.start()
    addresses.write(state_dir)
    print(addresses.as_json(), flush=True)  # noqa: T201 - who started it reads this
    try:
        await told.wait()
    finally:
        (state_dir / FILE).unlink(missing_ok=True)
        await network.stop()
