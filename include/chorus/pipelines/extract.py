"""Extract: what one target says of a window, copied into bronze page by page, each kept as soon as it is read."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from psycopg import errors

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.events import RawEvent, Rejected, refused_by_warehouse
from chorus.domain.targets import AnyTarget, Target, read_targets, the_one_target
from chorus.domain.window import Window
from chorus.pipelines.forgotten import keep_out
from chorus.pipelines.readers import as_target, open_reader
from chorus.pipelines.runs import Counts, step
from chorus.pipelines.sinks import Sink, open_sink
from chorus.pipelines.sources import Reader, Resumable, entry_of, find_source
from chorus.sources.page import Page
from chorus.warehouse import dead_letters, raw_events
from chorus.warehouse.connection import COLLISIONS, FLAWS, Connection, connect, retrying
from chorus.warehouse.reading_progress import Progress, Reading

log = logging.getLogger(__name__)

# A week that comes back from the archive may bring what we are about to write as new: then it is known.
PASSING = (*COLLISIONS, errors.UniqueViolation)


def extract(
    connection: Connection,
    settings: Settings,
    target: Mapping[str, Any],
    window: Window,
    run_id: str,
) -> dict[str, int]:
    """Read the window of one target, as `list_targets` gave it; returns how many of what.

    The same run reads on from the page after the last that it kept, and so costs only the rest.
    """
    wanted = as_target(target)
    with (
        extraction(connection, settings, wanted, window, run_id) as doing,
        connect(settings, autocommit=True) as shared,
        open_reader(shared, settings, wanted) as reader,
    ):
        for page in _pages(reader, window, doing.before):
            doing.take(page, reader.counts)
        doing.count(reader.counts)
    return dict(doing.counts)


@dataclass(frozen=True)
class Extraction:
    """One target that one run reads: takes page after page into bronze, and remembers how far that got."""

    connection: Connection
    settings: Settings
    reading: Reading
    beside: Sink
    before: Progress
    counts: Counts

    def take(self, given: Page, read: Mapping[str, int]) -> None:
        """`read` is what the reader counted by then."""
        # Before anything is written, also beside the warehouse.
        page = keep_out(self.connection, self.settings, given)
        self.connection.commit()
        is_kept_beside = self.beside.keep(page, self.counts["pages"] + 1)
        again = retrying(self.settings, PASSING)
        run_id = self.reading.pipeline_run_id
        stored = again(keep, self.connection, self.settings, page, run_id)
        self.counts.update(pages=1, **stored)
        self.count(read)
        goes_on_at = page.goes_on_at
        if goes_on_at is not None and goes_on_at != self.before.cursor and is_kept_beside:
            progress = Progress(goes_on_at, self.counts["pages"], self.counts)
            self.reading.save(self.connection, progress)

    def count(self, read: Mapping[str, int]) -> None:
        for name, found in read.items():
            self.counts[name] = self.before.counts.get(name, 0) + found


@contextmanager
def extraction(
    connection: Connection,
    settings: Settings,
    target: AnyTarget,
    window: Window,
    run_id: str,
) -> Iterator[Extraction]:
    """A step of the run for as long as the target is read; an error that ends it is kept with the run."""
    reading = Reading(run_id, str(target), window)
    beside = open_sink(connection, settings, target, window, run_id)
    with step(connection, run_id, "extract", str(target)) as counts:
        before = reading.find(connection)
        connection.commit()
        counts.update(before.counts)
        if before.cursor is not None:
            kept = before.pages
            log.info(
                "%s: going on after the %d pages that this run has kept before.", target, kept
            )
        with reading.stopping(connection):
            yield Extraction(connection, settings, reading, beside, before, counts)
        beside.finish(counts["pages"])
        reading.forget(connection)


def _pages(reader: Reader, window: Window, before: Progress) -> Iterator[Page]:
    if before.cursor is None:
        return reader.read(window)
    return cast("Resumable", reader).read(window, before.cursor)


def list_targets(
    settings: Settings,
    source: str = "mastodon",
    instances: Sequence[str] | None = None,
    hashtags: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """What is configured and can be read, as plain dictionaries; `instances` and `names` choose among it.

    `hashtags` replaces Mastodon's timelines.
    """
    listened_to = [one for one in configured_targets(settings) if one.source == source]
    configured = _named(listened_to, names)
    known = {target.instance: target for target in configured}
    if unknown := sorted(set(instances or ()) - known.keys()):
        raise ConfigurationError(
            f"{', '.join(unknown)} is no instance we listen to; those are {', '.join(sorted(known))}."
        )
    chosen = [name for name in known if not instances or name in instances]
    if hashtags:
        return [
            Target(
                instance=name,
                base_url=getattr(known[name], "base_url", f"https://{name}"),
                timeline="hashtag",
                name=hashtag,
            ).model_dump()
            for name in chosen
            for hashtag in dict.fromkeys(tag.removeprefix("#") for tag in hashtags)
        ]
    wanted = [target for target in configured if target.instance in chosen]
    return [target.model_dump(mode="json") for target in _readable(settings, wanted)]


def configured_targets(settings: Settings) -> list[AnyTarget]:
    """Everything we listen to, of every source; ConfigurationError says what is wrong with it."""
    file = settings.targets_file or paths.INCLUDE / "targets.yaml"
    if settings.mastodon_base_url and settings.hashtag:
        return [the_one_target(settings.mastodon_base_url, settings.hashtag)]
    targets = list(read_targets(file, entry_of).all())
    named = {target.instance for target in targets if target.source == "mastodon"}
    if nobodys := sorted(settings.mastodon_tokens.keys() - named):
        raise ConfigurationError(
            f"MASTODON_ACCESS_TOKEN is for {', '.join(nobodys)}, which {file} does not name: add it there, or mend its name."
        )
    return targets


def _named(targets: list[AnyTarget], names: Sequence[str] | None) -> list[AnyTarget]:
    wanted = {name.lower().removeprefix("r/") for name in names or ()}
    if unknown := sorted(wanted - {target.name.lower() for target in targets}):
        raise ConfigurationError(f"{', '.join(unknown)} is not in targets.yaml; add it there.")
    return [target for target in targets if not wanted or target.name.lower() in wanted]


def _readable(settings: Settings, targets: Iterable[AnyTarget]) -> Iterator[AnyTarget]:
    """What cannot be read yet is left out, and why is said once; the rest goes on."""
    said = set()
    for target in targets:
        source = find_source(target.source)
        missing = source.what_is_missing(settings, target) if source else None
        if missing is None:
            yield target
        elif missing not in said:
            said.add(missing)
            log.warning(missing)


def keep(connection: Connection, settings: Settings, page: Page, run_id: str) -> dict[str, int]:
    """One page in one transaction: its events, and letters for what will not do; returns how many of what."""
    with connection.transaction():
        page = keep_out(connection, settings, page)
        stored, letters = _store(connection, page.events, run_id)
        letters = [*page.rejected, *letters]
        dead_letters.write(connection, letters, run_id, stage="extract")
    return {
        "events_extracted": len(page.events) + len(page.rejected),
        "events_new": stored.new,
        "events_seen_again": stored.seen_again,
        "rejected": len(letters),
    }


def _store(
    connection: Connection, events: Sequence[RawEvent], run_id: str
) -> tuple[raw_events.Stored, list[Rejected]]:
    """Take in what PostgreSQL takes; what it does not is found by halving, and becomes a dead letter."""
    try:
        with connection.transaction():
            return raw_events.store(connection, events, run_id), []
    except FLAWS as error:
        if len(events) == 1:
            return raw_events.Stored(), [refused_by_warehouse(events[0], error)]
    middle = len(events) // 2
    first, first_letters = _store(connection, events[:middle], run_id)
    second, second_letters = _store(connection, events[middle:], run_id)
    return first + second, first_letters + second_letters
