"""ops.reading_progress: where the reading of a target stopped, so that a retry reads only the rest."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from chorus.domain.errors import SourceChanged, SourcePaused, SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True, slots=True)
class Progress:
    """What was kept so far; `cursor` is None where nothing was."""

    cursor: Mapping[str, str] | None = None
    pages: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Reading:
    """One target read by one run."""

    pipeline_run_id: str
    target: str
    window: Window
    went_on: bool = False

    @contextmanager
    def stopping(self, connection: Connection) -> Iterator[None]:
        """Says of a wait whether anything was kept before it; a walk that cannot go on begins anew the next time."""
        try:
            yield
        except SourceUnavailable as error:
            if self.went_on and error.retry_after is not None:
                raise SourcePaused(str(error), error.retry_after) from error
            raise
        except (SourceRefused, SourceChanged):
            self.forget(connection)
            connection.commit()
            raise

    def find(self, connection: Connection) -> Progress:
        with connection.cursor(row_factory=class_row(Progress)) as cursor:
            cursor.execute(render("ops/reading_progress/find.sql"), self._key)
            found = cursor.fetchone()
        return found or Progress()

    def save(self, connection: Connection, progress: Progress) -> None:
        """To be called when all that lies before it is kept; commits."""
        values = {
            "cursor": Jsonb(progress.cursor),
            "pages": progress.pages,
            "counts": Jsonb(progress.counts),
        }
        connection.execute(render("ops/reading_progress/save.sql"), {**self._key, **values})
        connection.commit()
        self.went_on = True

    def forget(self, connection: Connection) -> None:
        connection.execute(render("ops/reading_progress/forget.sql"), self._key)

    @property
    def _key(self) -> dict[str, object]:
        return {
            "pipeline_run_id": self.pipeline_run_id,
            "target": self.target,
            "since": self.window.since,
            "until": self.window.until,
        }
