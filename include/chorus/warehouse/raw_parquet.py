"""Raw events as Parquet, with moments as moments and the payload as JSON text."""

from collections.abc import Sequence
from typing import IO

from chorus.domain.events import RawEvent
from chorus.warehouse.raw_files import event_of

SUFFIX = "parquet"


def write(sink: IO[bytes], events: Sequence[RawEvent], run_id: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    text, moment = pa.string(), pa.timestamp("us", tz="UTC")
    columns = {
        "id": ([str(event.id) for event in events], text),
        "occurred_at": ([event.occurred_at for event in events], moment),
        "source": ([event.source for event in events], text),
        "source_id": ([event.source_id for event in events], text),
        "instance": ([event.instance for event in events], text),
        "event_type": ([event.event_type for event in events], text),
        "post_id": ([event.post_id for event in events], text),
        "observed_at": ([event.observed_at for event in events], moment),
        "payload_hash": ([event.payload_hash.hex() for event in events], text),
        "payload": ([event.payload_json for event in events], text),
        "pipeline_run_id": ([run_id] * len(events), text),
    }
    table = pa.table({name: pa.array(*column) for name, column in columns.items()})
    parquet.write_table(table, sink, compression="zstd")


def read(source: IO[bytes]) -> tuple[list[RawEvent], str]:
    """The events of a file, and the run that read them."""
    from pyarrow import parquet

    rows = parquet.read_table(source).to_pylist()
    return [event_of(row) for row in rows], rows[0]["pipeline_run_id"] if rows else ""
