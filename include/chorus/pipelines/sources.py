"""Which module reads what: a source is the file `chorus/sources/<name>.py`, and this is all that is asked of it.

Mastodon is older than this and has its place in `pipelines.readers`.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.events import RawEvent, Rejected
from chorus.domain.second_looks import Known
from chorus.domain.window import Window
from chorus.sources import mastodon_events
from chorus.sources.http import Gate
from chorus.sources.page import Page, Told
from chorus.transform.own_rules import Rules
from chorus.transform.shaped import Shape

# (event type, payload, instance, when it was seen) -> what a payload that was refused is now; nothing where its source
# cannot say.
Reread = Callable[[str, Any, str, datetime], Iterable[RawEvent | Rejected]]


class Reader(Protocol):
    """Reads one target; `counts` go with the run: how many requests that took, what could not be had."""

    @property
    def counts(self) -> Mapping[str, int]: ...
    def read(self, window: Window) -> Iterator[Page]: ...


@runtime_checkable
class LooksAgain(Protocol):
    """A reader that can also be asked for posts it read before; what is gone comes as a deletion."""

    @property
    def counts(self) -> Mapping[str, int]: ...
    def look_again(self, posts: Sequence[Known]) -> Iterator[Page]: ...


class Resumable(Reader, Protocol):
    """One whose pages say where they go on, and which takes that up there."""

    def read(
        self, window: Window, after: Mapping[str, str] | None = None
    ) -> Iterator[Page]: ...


class InALoop(Protocol):
    """One that can also be read in an event loop, beside others; at the end it tells its counts alone."""

    def pages(
        self, window: Window, after: Mapping[str, str] | None = None
    ) -> AsyncGenerator[Told]: ...


class Source(Protocol):
    """What a source's module has."""

    # How people write a target in targets.yaml: a pydantic model with at least source, instance and name.
    TARGET: type[BaseModel]
    # Raw events of this source, in the shape of a Mastodon status or account.
    as_status: Shape
    # Why a target cannot be read yet, as a sentence; None where it can.
    what_is_missing: Callable[[Settings, Any], str | None]
    # (settings, target, gate) -> a reader for as long as the block lasts.
    open_reader: Callable[[Settings, Any, Gate], AbstractContextManager[Reader]]


def source_named(name: str) -> Source:
    found = find_source(name)
    if found is None:
        raise ConfigurationError(
            f"There is no source {name}: no chorus/sources/{name}.py reads it."
        )
    return found


@cache
def find_source(name: str) -> Source | None:
    """None where no file of that name is a source: some only help one."""
    if (
        not re.fullmatch(r"[a-z][a-z0-9_]*", name)
        or find_spec(f"chorus.sources.{name}") is None
    ):
        return None
    module: Any = import_module(f"chorus.sources.{name}")
    return module if hasattr(module, "open_reader") else None


def entry_of(name: str) -> type[BaseModel] | None:
    """How a source's entries in targets.yaml look."""
    found = find_source(name)
    return None if found is None else found.TARGET


def shape_of(name: str) -> Shape | None:
    """How a source's payloads become statuses; None for Mastodon, whose payloads are."""
    found = find_source(name)
    return None if found is None else found.as_status


def credentials_asked_by(name: str) -> tuple[str, ...]:
    """What a source calls its credentials: its module's CREDENTIALS; none where it asks for none."""
    names: tuple[str, ...] = getattr(find_source(name), "CREDENTIALS", ())
    return names


def rules_of(name: str) -> Rules | None:
    """What a source asks of its payloads: its module's `rules`; None where that has none."""
    rules: Rules | None = getattr(find_source(name), "rules", None)
    return rules


def at_once(name: str) -> int:
    """How many targets of a source are read side by side: as many as its module's AT_ONCE says, else one."""
    several: int = getattr(find_source(name), "AT_ONCE", 1)
    return several


def reread_of(name: str) -> Reread | None:
    """How a source reads one of its payloads once more; None where its module has no `reread`."""
    if name == "mastodon":
        return mastodon_events.reread
    again: Reread | None = getattr(find_source(name), "reread", None)
    return again
