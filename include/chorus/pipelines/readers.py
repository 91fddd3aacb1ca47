"""Who reads a target: Mastodon's reader, which remembers what an instance runs, or that of another source's module."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chorus.config import Settings
from chorus.domain import pace
from chorus.domain.second_looks import Known
from chorus.domain.targets import AnyTarget, Target
from chorus.domain.window import Window
from chorus.pipelines.gate import Decide, SharedGate
from chorus.pipelines.sources import Reader, source_named
from chorus.sources.http import Http
from chorus.sources.mastodon import Mastodon
from chorus.sources.mastodon_again import SecondLook
from chorus.sources.mastodon_software import UNKNOWN, what_runs
from chorus.sources.page import Page
from chorus.warehouse import source_state
from chorus.warehouse.connection import Connection


def as_target(written: Mapping[str, Any]) -> AnyTarget:
    """A target that travelled as a plain dictionary."""
    name = str(written["source"])
    model: Any = Target if name == "mastodon" else source_named(name).TARGET
    target: AnyTarget = model.model_validate(written)
    return target


def open_reader(
    shared: Connection,
    settings: Settings,
    target: AnyTarget,
    take_turn: Decide = pace.take_turn,
) -> AbstractContextManager[Reader]:
    """`shared` is the connection through which readers of one instance take turns; it commits at once."""
    gate = SharedGate(shared, target.source, target.instance, take_turn)
    if isinstance(target, Target):
        return _mastodon(shared, settings, target, gate)
    return source_named(target.source).open_reader(settings, target, gate)


@dataclass(frozen=True)
class _MastodonReader:
    source: Mastodon
    target: Target

    again: SecondLook

    @property
    def counts(self) -> Mapping[str, int]:
        return {"requests": self.source.http.requests, **self.again.counts}

    def read(self, window: Window, after: Mapping[str, str] | None = None) -> Iterator[Page]:
        return self.source.read(self.target, window, after)

    def look_again(self, posts: Sequence[Known]) -> Iterator[Page]:
        return self.again.read(posts)


@contextmanager
def _mastodon(
    shared: Connection, settings: Settings, target: Target, gate: SharedGate
) -> Iterator[_MastodonReader]:
    with _open_http(settings, target, gate) as http:
        software = _software(shared, http, target)
        late = timedelta(minutes=settings.late_arrivals)
        source = Mastodon(http, target.instance, software, settings.toots_limit_per_page, late)
        yield _MastodonReader(source, target, SecondLook(http, target.instance, software))


def _open_http(settings: Settings, target: Target, gate: SharedGate) -> Http:
    whose = target.base_url if settings.mastodon_base_url else target.instance
    token = settings.mastodon_tokens.get(whose)
    return Http(target.base_url, gate, timeout=settings.api_timeout, token=token)


def _software(shared: Connection, http: Http, target: Target) -> str:
    """Asked once a day: in between, and where it will not say today, the warehouse knows."""
    names = (target.source, target.instance)
    known = source_state.software(shared, *names)
    if known is not None and known.is_fresh:
        return known.name
    said = what_runs(http)
    if said.startswith(UNKNOWN):
        return known.name if known is not None else said
    source_state.remember_software(shared, *names, said)
    return said
