"""Raw events as gzipped CSV: one line each, the payload as JSON. The same events give the same bytes."""

import csv
import gzip
import io
import sys
from collections.abc import Sequence
from typing import IO

from chorus.domain.events import RawEvent
from chorus.warehouse.raw_files import event_of

SUFFIX = "csv.gz"
COLUMNS = (
    "id",
    "occurred_at",
    "source",
    "source_id",
    "instance",
    "event_type",
    "post_id",
    "observed_at",
    "payload_hash",
    "payload",
    "pipeline_run_id",
)


def write(sink: IO[bytes], events: Sequence[RawEvent], run_id: str) -> None:
    with (
        gzip.GzipFile("", "wb", fileobj=sink, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        lines = csv.writer(text)
        lines.writerow(COLUMNS)
        for event in events:
            lines.writerow(
                (
                    event.id,
                    event.occurred_at.isoformat(),
                    event.source,
                    event.source_id,
                    event.instance,
                    event.event_type,
                    event.post_id,
                    event.observed_at.isoformat(),
                    event.payload_hash.hex(),
                    event.payload_json,
                    run_id,
                )
            )


def read(source: IO[bytes]) -> tuple[list[RawEvent], str]:
    """The events of a file, and the run that read them."""
    csv.field_size_limit(sys.maxsize)
    with (
        gzip.GzipFile(fileobj=source) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        rows = list(csv.DictReader(text))
    return [event_of(row) for row in rows], rows[0]["pipeline_run_id"] if rows else ""
