"""Reading several things at once in one event loop, at the pace of whoever takes what was read."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from contextlib import aclosing, contextmanager
from threading import Thread
from typing import Any, TypeVar

Item = TypeVar("Item")

_END = object()


async def side_by_side(
    readings: Iterable[AsyncGenerator[Item]], at_once: int
) -> AsyncGenerator[Item]:
    """What they give, as it comes; no reading is further ahead than one item. The first error ends all of them."""
    waiting = iter(readings)
    queue: asyncio.Queue[Item | Exception | object] = asyncio.Queue(maxsize=1)

    async def work() -> None:
        try:
            for reading in waiting:
                async with aclosing(reading):
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
    """The same for who knows nothing of event loops.

    The loop goes on beside whoever uses an item, so that an answer on its way is not late for a slow COPY; but one item
    may wait for them, and no more.
    """
    queue: asyncio.Queue[Any] = asyncio.Queue(maxsize=1)

    async def fill() -> None:
        try:
            async with aclosing(items):
                async for item in items:
                    await queue.put(item)
        except Exception as error:  # noqa: BLE001 - raised again where the items are taken
            await queue.put(error)
        await queue.put(_END)

    with _loop_beside() as call:
        filling = call(_started(fill()))
        try:
            while (item := call(queue.get())) is not _END:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            call(_ended(filling))


@contextmanager
def _loop_beside() -> Iterator[Any]:
    """An event loop in a thread of its own; what is yielded has a coroutine run there and waits for it."""
    loop = asyncio.new_event_loop()

    def call(coroutine: Coroutine[Any, Any, Any]) -> Any:
        done = asyncio.run_coroutine_threadsafe(coroutine, loop)
        try:
            return done.result()
        except BaseException:  # also one that only we were meant to hear, as of Ctrl-C
            done.cancel()
            raise

    thread = Thread(target=loop.run_forever, name="event loop", daemon=True)
    thread.start()
    try:
        yield call
    finally:
        call(loop.shutdown_asyncgens())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _started(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(coroutine)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
