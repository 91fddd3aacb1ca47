"""The files of the second sink, without somebody who was forgotten: each that names them is written anew."""

from collections import Counter
from pathlib import Path
from typing import Protocol

from chorus import paths
from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.errors import RawFilesFailed
from chorus.domain.events import RawEvent
from chorus.domain.forgetting import Forgotten
from chorus.pipelines.forget_payloads import POSTS
from chorus.pipelines.forgotten import cleansed_event
from chorus.pipelines.sinks import FORMATS
from chorus.warehouse.raw_files import Read, Write, rename_account, replacing, unfinished

Post = tuple[str, str, str]


class Kind(Protocol):
    """One of the ways in which files are written."""

    SUFFIX: str

    @property
    def read(self) -> Read: ...
    @property
    def write(self) -> Write: ...


def forget_files(settings: Settings, forgotten: Forgotten, *, dry_run: bool) -> Counter[str]:
    """Go through all files below DATA_DIR, whatever RAW_FILES_FORMAT says by now; returns how many rows of what went."""
    folder = paths.ROOT / Path(settings.data_dir)
    found: list[tuple[Path, Kind]] = [
        (file, kind)
        for kind in FORMATS.values()
        for file in sorted(folder.glob(f"*/*/*/*.{kind.SUFFIX}"))
    ]
    posts = {file: _posts_in(file, kind, forgotten) for file, kind in found}
    # What tells that a post is gone says no more than its id: the files that say whose it was come last, so that
    # whoever is killed half-way knows it again.
    found.sort(key=lambda one: bool(posts[one[0]]))
    theirs = frozenset[Post]().union(*posts.values())
    counts: Counter[str] = Counter()
    for file, kind in found:
        counts += _forget_file(file, kind, forgotten, theirs, dry_run=dry_run)
    if not dry_run:
        for file in unfinished(folder):
            file.unlink(missing_ok=True)
    return counts


def _posts_in(file: Path, kind: Kind, forgotten: Forgotten) -> frozenset[Post]:
    """The posts of theirs that a file holds."""
    return frozenset(
        _post(event)
        for event in _held(file, kind)[0]
        if event.event_type in POSTS and cleansed_event(forgotten, event) is None
    )


def _post(event: RawEvent) -> Post:
    return event.source, event.instance, event.post_id


def _forget_file(
    file: Path, kind: Kind, forgotten: Forgotten, theirs: frozenset[Post], *, dry_run: bool
) -> Counter[str]:
    events, run_id = _held(file, kind)
    kept, counts = _without(forgotten, theirs, events)
    place = rename_account(file, lambda acct, host: _called(forgotten, file, acct, host))
    if dry_run or (not counts and place == file):
        return counts
    if kept:
        with replacing(place) as sink:
            kind.write(sink, kept, run_id)
    if not kept or place != file:
        file.unlink(missing_ok=True)
    return counts


def _held(file: Path, kind: Kind) -> tuple[list[RawEvent], str]:
    try:
        with file.open("rb") as source:
            return kind.read(source)
    except (OSError, ValueError, EOFError) as error:
        raise RawFilesFailed(
            f"{file} cannot be read ({error}), so nobody knows whom it names: put it back from a copy or remove it, "
            "and give the same command again."
        ) from error


def _without(
    forgotten: Forgotten, theirs: frozenset[Post], events: list[RawEvent]
) -> tuple[list[RawEvent], Counter[str]]:
    kept: list[RawEvent] = []
    counts: Counter[str] = Counter()
    for event in events:
        tells_of_theirs = event.event_type == "deletion" and _post(event) in theirs
        cleansed = None if tells_of_theirs else cleansed_event(forgotten, event)
        if cleansed is None:
            counts["events_in_files"] += 1
            continue
        if cleansed is not event:
            counts["mentions_in_files"] += 1
        kept.append(cleansed)
    return kept, counts


def _called(forgotten: Forgotten, file: Path, acct: str, instance: str) -> str:
    source = file.parents[2].name
    name = pseudonyms.handle(acct, source, instance)
    return pseudonyms.pseudonym(name, forgotten.secret) if forgotten.knows(name) else acct
