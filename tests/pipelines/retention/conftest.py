"""A warehouse with raw events of a hundred weeks, all of them taken in, and a folder for the archive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from chorus.domain.events import RawEvent
from chorus.pipelines.retention import retain
from chorus.warehouse.raw_events import store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENTS = (
    "select id, occurred_at, source, source_id, event_type, payload::text, ingested_at, processed, processed_at,"
    " instance, post_id, payload_hash, observed_at, last_seen_at, pipeline_run_id from bronze.raw_events"
)
INDEXES = """
    select part.relname, array_agg(index.relname order by index.relname)
    from pg_inherits
    join pg_class as part on inhrelid = part.oid
    join pg_index on indrelid = part.oid
    join pg_class as index on indexrelid = index.oid
    where inhparent = 'bronze.raw_events'::regclass
    group by part.relname order by part.relname
"""


def event(post: str, days_old: float, seen: float = 0, **payload: object) -> RawEvent:
    """A post of so many days before NOW, seen so many seconds later."""
    created = NOW - timedelta(days=days_old)
    return RawEvent(
        source="mastodon",
        source_id="here.example",
        instance="here.example",
        event_type="status",
        post_id=post,
        occurred_at=created,
        observed_at=created + timedelta(seconds=seen),
        payload={"id": post, "content": "<p>„Grüße“ 😀</p>", "n": 0.1} | payload,
    )


@dataclass
class Bronze:
    connection: Any
    settings: Any
    archive: UPath

    def take_in(self, *events: RawEvent) -> None:
        """Store them and say that transform took them in."""
        store(self.connection, events, "run")
        self.connection.execute(
            "update bronze.raw_events set processed = true, processed_at = now() where not processed"
        )
        self.connection.commit()

    def retain(self, now: datetime = NOW, *, dry_run: bool = False) -> dict[str, int]:
        return retain(self.connection, self.settings, self.archive, now=now, dry_run=dry_run)

    def rows(self, query: str = EVENTS) -> list[tuple[Any, ...]]:
        rows = sorted(self.connection.execute(query).fetchall(), key=repr)
        self.connection.commit()
        return rows

    def weeks(self) -> dict[str, list[str]]:
        """The partitions and their indexes."""
        return dict(self.rows(INDEXES))


@pytest.fixture
def bronze(warehouse, warehouse_settings, tmp_path: Path) -> Bronze:
    return Bronze(warehouse, warehouse_settings, UPath(tmp_path / "archive"))
