"""Raw events as a Parquet file, written and read batch by batch: memory does not grow with the week.

The file may lie wherever fsspec reaches. Its digest is taken of the rows as they came from PostgreSQL and again of the
rows as the file gives them, so that a value that changed on the way is found while both are there.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from upath import UPath
from upath.extensions import ProxyUPath

BATCH_SIZE = 5_000
MOMENTS = frozenset(
    {"occurred_at", "ingested_at", "processed_at", "observed_at", "last_seen_at"}
)
COLUMNS = (
    "id",
    "occurred_at",
    "source",
    "source_id",
    "event_type",
    "payload",
    "ingested_at",
    "processed",
    "processed_at",
    "instance",
    "post_id",
    "payload_hash",
    "observed_at",
    "last_seen_at",
    "pipeline_run_id",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = tuple[Any, ...]
# Ours, or Airflow's ObjectStoragePath, which knows its connections.
Place = UPath | ProxyUPath


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: how many rows, and the SHA-256 of them in their order."""

    rows: int
    digest: bytes


def files_in(folder: Place) -> list[Place]:
    """What lies in a folder, by name; nothing where there is none yet."""
    found: list[Place] = list(folder.iterdir()) if folder.exists() else []
    return sorted(found, key=str)


def write(
    file: Place, batches: Iterable[list[Row]], notes: Mapping[str, str] | None = None
) -> Contents:
    """Write rows as `bronze/raw_events/export.sql` gives them; the file is on the disk when this returns.

    `notes` stand in the file itself, for whoever finds it without the warehouse that wrote it.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema()
    rows, digest = 0, sha256()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as sink:
        with parquet.ParquetWriter(
            sink, schema, compression="zstd", write_page_checksum=True
        ) as writer:
            for batch in batches:
                rows += len(batch)
                digest.update(repr(batch).encode())
                columns = zip(*batch, strict=True)
                arrays = [
                    pa.array(list(values), pa.int64()).cast(field.type)
                    if field.name in MOMENTS
                    else pa.array(list(values), field.type)
                    for field, values in zip(schema, columns, strict=True)
                ]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
            writer.add_key_value_metadata(dict(notes or {}))
        with suppress(AttributeError, OSError):  # what has no number is no file of this machine
            sink.flush()
            os.fsync(sink.fileno())
    return Contents(rows, digest.digest())


def read(file: Place) -> Iterator[list[Row]]:
    """The rows of a file, in batches as they were written; a page that was damaged raises OSError."""
    import pyarrow as pa
    from pyarrow import parquet

    with (
        file.open("rb") as source,
        parquet.ParquetFile(source, page_checksum_verification=True) as archive,
    ):
        for group in range(archive.num_row_groups):
            table = archive.read_row_group(group, columns=list(COLUMNS))
            columns = [
                (column.cast(pa.int64()) if name in MOMENTS else column).to_pylist()
                for name, column in zip(COLUMNS, table.columns, strict=True)
            ]
            yield list(zip(*columns, strict=True))


def measure(file: Place) -> Contents:
    """Read the whole file again and say what it holds."""
    rows, digest = 0, sha256()
    for batch in read(file):
        rows += len(batch)
        digest.update(repr(batch).encode())
    return Contents(rows, digest.digest())


def read_notes(file: Place) -> dict[str, str]:
    """What the writer noted in the file."""
    from pyarrow import parquet

    with file.open("rb") as source, parquet.ParquetFile(source) as archive:
        noted = archive.metadata.metadata or {}
    return {name.decode(): value.decode() for name, value in noted.items()}


def is_finished(file: Place) -> bool:
    """Whether its end was written; without it nobody can read anything of it."""
    try:
        read_notes(file)
    except ValueError:
        return False
    return True


def for_postgresql(row: Row) -> Row:
    """A row of a file with its moments as moments again."""
    return tuple(
        EPOCH + timedelta(microseconds=value)
        if name in MOMENTS and value is not None
        else value
        for name, value in zip(COLUMNS, row, strict=True)
    )


def _schema() -> Any:
    import pyarrow as pa

    kinds = {"processed": pa.bool_(), "payload_hash": pa.binary()}
    moment = pa.timestamp("us", tz="UTC")
    return pa.schema(
        [
            pa.field(name, moment if name in MOMENTS else kinds.get(name, pa.string()))
            for name in COLUMNS
        ]
    )
