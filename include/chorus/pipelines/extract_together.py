"""Extract several targets of a source in one event loop, each page copied into bronze as it comes.

A source allows it by saying how many at once (`AT_ONCE`), and its readers by `pages`, an async generator. Of each only so
much is read ahead as was on its way: while the warehouse copies, the others wait with what they have.
"""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from chorus.config import Settings
from chorus.domain.errors import SourceError, SourcePaused, SourceUnavailable
from chorus.domain.targets import AnyTarget
from chorus.domain.window import Window
from chorus.pipelines.extract import Extraction, extract, extraction
from chorus.pipelines.readers import as_target, open_reader
from chorus.pipelines.sources import InALoop, at_once
from chorus.sources.page import Told
from chorus.sources.side_by_side import side_by_side, taken_from_a_loop
from chorus.warehouse.connection import Connection, connect

log = logging.getLogger(__name__)

Target = Mapping[str, Any]
Ended = tuple[Target, dict[str, int] | SourceError]
# Nobody sits before a terminal for longer; Reddit's budget starts over every ten minutes.
LONGEST_WAIT = timedelta(minutes=15)


def extract_patiently(
    connection: Connection,
    settings: Settings,
    targets: Sequence[Target],
    window: Window,
    run_id: str,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Ended]:
    """As `extract_all`, for who has nothing else to do: whom a source tells to wait is read on when it says.

    As long as somebody gets further by that; one wait may be in vain.
    """
    left, vain = list(targets), 0
    while left:
        waiting: list[tuple[Target, SourceUnavailable]] = []
        for target, ended in extract_all(connection, settings, left, window, run_id):
            if isinstance(ended, SourceUnavailable) and _is_soon(ended):
                waiting.append((target, ended))
            else:
                yield target, ended
        vain = 0 if any(isinstance(said, SourcePaused) for _, said in waiting) else vain + 1
        if vain > 1:
            yield from waiting
            return
        left = [target for target, _ in waiting]
        if waiting:
            _wait_for(waiting, pause)


def _is_soon(error: SourceUnavailable) -> bool:
    return error.retry_after is not None and error.retry_after <= LONGEST_WAIT


def _wait_for(
    waiting: Sequence[tuple[Target, SourceUnavailable]], pause: Callable[[float], None]
) -> None:
    waits = [said.retry_after or timedelta(0) for _, said in waiting]
    due = datetime.now(UTC) + max(waits)
    names = ", ".join(str(as_target(target)) for target, _ in waiting)
    said = f"{waiting[0][1]}".rstrip(".")
    log.warning("%s; what is left of %s is read at %s UTC.", said, names, f"{due:%H:%M:%S}")
    pause(max(waits).total_seconds())


def extract_all(
    connection: Connection,
    settings: Settings,
    targets: Sequence[Target],
    window: Window,
    run_id: str,
) -> Iterator[Ended]:
    """Each target as its reading ends: what was counted, or how it failed, which holds no other back."""
    for source in dict.fromkeys(str(target["source"]) for target in targets):
        ours = [target for target in targets if target["source"] == source]
        if at_once(source) > 1:
            yield from _side_by_side(connection, settings, ours, window, run_id)
        else:
            for target in ours:
                try:
                    yield target, extract(connection, settings, target, window, run_id)
                except SourceError as error:
                    yield target, error


class _Doing(NamedTuple):
    extraction: Extraction
    ending: ExitStack


def _side_by_side(
    connection: Connection,
    settings: Settings,
    targets: Sequence[Target],
    window: Window,
    run_id: str,
) -> Iterator[Ended]:
    with ExitStack() as all_of_them:
        doing = []
        for target in targets:
            ending = all_of_them.enter_context(ExitStack())
            begun = extraction(connection, settings, as_target(target), window, run_id)
            doing.append(_Doing(ending.enter_context(begun), ending))
        readings = (
            _told(settings, place, as_target(target), window, one.extraction)
            for place, (target, one) in enumerate(zip(targets, doing, strict=True))
        )
        most = at_once(str(targets[0]["source"]))
        for place, said in taken_from_a_loop(side_by_side(readings, most)):
            one = doing[place]
            if isinstance(said, SourceError):
                yield targets[place], _failed(one.ending, said)
            elif said is None:
                one.ending.close()
                yield targets[place], dict(one.extraction.counts)
            else:
                page, counts = said
                if page is None:
                    one.extraction.count(counts)
                else:
                    one.extraction.take(page, counts)


async def _told(
    settings: Settings, place: int, target: AnyTarget, window: Window, doing: Extraction
) -> AsyncGenerator[tuple[int, Told | SourceError | None]]:
    """What a target's reader tells; then None, or how it failed."""
    try:
        with (
            connect(settings, autocommit=True) as shared,
            open_reader(shared, settings, target) as reader,
        ):
            pages = cast("InALoop", reader).pages(window, doing.before.cursor)
            async with aclosing(pages) as told:
                async for one in told:
                    yield place, one
    except SourceError as error:
        yield place, error
    else:
        yield place, None


def _failed(ending: ExitStack, error: SourceError) -> SourceError:
    """The error as those hear it who end the reading, and may say more of it."""
    try:
        with ending:
            raise error
    except SourceError as said:
        return said
