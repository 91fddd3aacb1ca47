"""The raw events of a page as files below DATA_DIR/source/source_id/date/: what extract also keeps, if it is told to.

A file is named for what was read (target and window, or something else that happens once) and the page's number, so that
reading again writes over it. It is written under another name, brought to the disk and only then renamed: a file that
is there is whole.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote

from chorus.domain.events import RawEvent
from chorus.domain.window import Window

LONGEST_NAME = 120
# The timeline of one account, as the name of a file says it.
OF_ACCOUNT = re.compile(r"(?P<instance>[^ ]+) @(?P<acct>.+?)(?=-\d{8}T)")
GIVEN = (
    "source",
    "source_id",
    "instance",
    "event_type",
    "post_id",
    "occurred_at",
    "observed_at",
)

# Writes the events, read by a run, into an open file; and reads them again.
Write = Callable[[IO[bytes], Sequence[RawEvent], str], None]
Read = Callable[[IO[bytes]], tuple[list[RawEvent], str]]


@dataclass(frozen=True, slots=True)
class RawFiles:
    """The files of one reading, under a name that no other has."""

    folder: Path
    suffix: str
    write: Write
    source: str
    name: str
    day: date

    def keep(self, events: Sequence[RawEvent], page: int, run_id: str) -> None:
        """Write a page, a file for each part of the platform that it holds something of."""
        parts: dict[str, list[RawEvent]] = {}
        for event in events:
            parts.setdefault(event.source_id, []).append(event)
        for source_id, found in parts.items():
            file = self._place(source_id) / f"{self.name}-p{page:05}.{self.suffix}"
            with replacing(file) as sink:
                self.write(sink, found, run_id)

    def finish(self, pages: int) -> None:
        """Remove what an earlier reading left beyond the last page of this one."""
        below = self.folder / safe_name(self.source)
        for file in below.glob(f"*/{self.day}/{self.name}-p*.{self.suffix}"):
            number = file.name.removesuffix(f".{self.suffix}").rpartition("-p")[2]
            if number.isdigit() and int(number) > pages:
                file.unlink(missing_ok=True)

    def _place(self, source_id: str) -> Path:
        return (
            self.folder / safe_name(self.source) / safe_name(source_id) / self.day.isoformat()
        )


def name_of(target: str, window: Window) -> str:
    """What the files of a target and window are called."""
    moments = (window.since, window.until)
    span = "-".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}" for moment in moments)
    return f"{safe_name(target)}-{span}"


def safe_name(text: str) -> str:
    """A name for a file or folder, whatever the text is; another text is another name."""
    name = quote(text, safe=" #@").replace("*", "%2A").replace("~", "%7E")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 17]}-{sha256(text.encode()).hexdigest()[:16]}"
    return name


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its place once it is whole and on the disk; nothing is left of one that fails."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def event_of(row: Mapping[str, Any]) -> RawEvent:
    """An event as a file holds it; its id follows from the rest."""
    given = {name: row[name] for name in GIVEN}
    return RawEvent.model_validate(given | {"payload": json.loads(row["payload"])})


def rename_account(file: Path, called: Callable[[str, str], str]) -> Path:
    """Where a file belongs whose name names the account it was read from: under what that is called now."""
    found = OF_ACCOUNT.match(file.name)
    if found is None:
        return file
    acct = called(unquote(found["acct"]), unquote(found["instance"]))
    return file.with_name(f"{found['instance']} @{safe_name(acct)}{file.name[found.end() :]}")


def unfinished(folder: Path) -> Iterator[Path]:
    """What processes left that ended while they wrote."""
    for file in sorted(folder.glob("*/*/*/.*.tmp")):
        process = file.name.split(".")[-2]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            yield file
