"""Where what was read goes: the warehouse, and files beside it if RAW_FILES_FORMAT asks for them.

The sink of a window takes a page and its number, and may be given the same page again. One that fails is said at the
end of the reading, so that the warehouse has it all by then; a rerun reads from the page that failed, and heals it.
Second looks and replays cannot be done again once the warehouse has them, so their files are written first: where
that fails, nothing was taken in, everything still waits, and the next try brings it to both.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import RawFilesFailed
from chorus.domain.events import RawEvent
from chorus.domain.targets import AnyTarget
from chorus.domain.window import Window
from chorus.pipelines.forgotten import keep_out
from chorus.sources.page import Page
from chorus.warehouse import raw_csv, raw_parquet
from chorus.warehouse.connection import Connection
from chorus.warehouse.raw_files import RawFiles, name_of, safe_name

FORMATS = {"csv": raw_csv, "parquet": raw_parquet}


class Sink(Protocol):
    """Takes the pages of one reading."""

    def keep(self, page: Page, number: int) -> bool:
        """Take a page; False where this or an earlier one could not be kept."""

    def finish(self, pages: int) -> None:
        """Raises what went wrong."""


class Nowhere:
    """No files are asked for."""

    def keep(self, _page: Page, _number: int) -> bool:
        return True

    def finish(self, pages: int) -> None:
        pass


class Files:
    """A page is a file, or several; see warehouse.raw_files."""

    def __init__(
        self,
        files: RawFiles,
        run_id: str,
        target: str,
        allowed: Callable[[Page], AbstractContextManager[Page]],
    ) -> None:
        self._files, self._run_id, self._allowed = files, run_id, allowed
        self._target = target
        self._failure: OSError | None = None

    def keep(self, page: Page, number: int) -> bool:
        with self._allowed(page) as allowed:
            try:
                self._files.keep(allowed.events, number, self._run_id)
            except OSError as error:
                self._failure = self._failure or error
        return self._failure is None

    def finish(self, pages: int) -> None:
        if self._failure is not None:
            raise RawFilesFailed(
                f"What was read of {self._target} is in the warehouse, and not all of it below DATA_DIR: "
                f"{self._failure}; make it writable, and clear the task."
            ) from self._failure
        self._files.finish(pages)


def open_sink(
    connection: Connection,
    settings: Settings,
    target: AnyTarget,
    window: Window,
    run_id: str,
) -> Sink:
    """The sink beside the warehouse."""
    day = window.since.astimezone(UTC).date()
    files = _files(settings, target.source, name_of(str(target), window), day)
    if files is None:
        return Nowhere()

    @contextmanager
    def without_the_forgotten(page: Page) -> Iterator[Page]:
        # Until the file is there, nobody joins the list: who does is looked for in it.
        with connection.transaction():
            yield keep_out(connection, settings, page)

    return Files(files, run_id, str(target), without_the_forgotten)


def write_first(
    settings: Settings, page: Page, what: tuple[str, datetime, int], run_id: str
) -> None:
    """Write a page that the warehouse is given only after this; `what` brought it, since when, and its number."""
    name, moment, number = what
    when = moment.astimezone(UTC)
    by_source: dict[str, list[RawEvent]] = {}
    for event in page.events:
        by_source.setdefault(event.source, []).append(event)
    for source, events in by_source.items():
        stem = f"{safe_name(name)}-{when:%Y%m%dT%H%M%S.%f}"
        files = _files(settings, source, stem, when.date())
        try:
            if files is not None:
                files.keep(events, number, run_id)
        except OSError as error:
            raise RawFilesFailed(
                f"The files of {name} cannot be written below DATA_DIR, so the warehouse was not given it either: "
                f"{error}; make it writable, and clear the task."
            ) from error


def _files(settings: Settings, source: str, name: str, day: date) -> RawFiles | None:
    if settings.raw_files_format == "none":
        return None
    written = FORMATS[settings.raw_files_format]
    folder = paths.ROOT / Path(settings.data_dir)
    return RawFiles(folder, written.SUFFIX, written.write, source, name, day)
