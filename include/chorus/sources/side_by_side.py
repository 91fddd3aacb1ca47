"""Reading several things at once in one event loop, at the pace of whoever takes what was read."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from typing import TypeVar

Item = TypeVar("Item")

_END = object()


async def side_by_side(
    readings: Iterable[AsyncIterator[Item]], at_once: int
) -> AsyncGenerator[Item]:
    """What they give, as it comes; no reading is further ahead than one item. The first error ends all of them."""
    waiting = iter(readings)
    queue: asyncio.Queue[Item | Exception | object] = asyncio.Queue(maxsize=1)

    async def work() -> None:
        try:
            for reading in waiting:
                async for item in reading:
                    await queue.put(item)
        except Exception as error:  # noqa: BLE001 - raised again where the items are taken
            await queue.put(error)
        await queue.put(_END)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    try:
        working = at_once
        while working:
            item = await queue.get()
            if isinstance(item, Exception):
                raise item
            if item is _END:
                working -= 1
            else:
                yield item  # type: ignore[misc]
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def taken_from_a_loop(items: AsyncGenerator[Item]) -> Iterator[Item]:
    """The same for who knows nothing of event loops. The loop stands still while an item is used: nothing piles up."""

    async def next_item() -> Item | object:
        return await anext(items, _END)

    async def close() -> None:
        async with aclosing(items):
            pass

    with asyncio.Runner() as runner:
        try:
            while (item := runner.run(next_item())) is not _END:
                yield item  # type: ignore[misc]
        finally:
            runner.run(close())
