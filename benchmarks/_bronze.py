"""A server of the benchmark's own with an empty raw_events, and the ways to fill it."""

import os
import random
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
import psycopg

from chorus.config import Settings
from chorus.domain.events import RawEvent
from chorus.stack.binaries import postgres_programs
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import Cluster
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.migrations import migrate
from chorus.warehouse.raw_events import store

START = datetime(2026, 9, 7, tzinfo=UTC)
SPREAD = timedelta(weeks=8)
BATCH = 2_000
ALL = """
    id, occurred_at, source, source_id, event_type, payload, instance, post_id,
    payload_hash, observed_at, last_seen_at, pipeline_run_id
"""
# The shape of an event, made where the rows are wanted.
GROW = """
insert into bronze.raw_events (
    id, occurred_at, source, source_id, event_type, payload, processed, instance, post_id,
    payload_hash, observed_at, last_seen_at, pipeline_run_id
)
select
    uuidv4(), %(start)s::timestamptz + %(spread)s::interval * random(), 'mastodon', 'here.example',
    'status', jsonb_build_object('id', n, 'content', repeat('x', 80)), true, 'here.example',
    'old ' || n, sha256(n::text::bytea), %(start)s, %(start)s, 'bench'
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
"""


def events_of_size(rows: int, *, name: str = "new", size: int = 1_600) -> list[RawEvent]:
    """So many posts, all different, `size` bytes of JSON each."""
    roll = random.Random(1337)
    words = [roll.randbytes(3).hex() for _ in range(2_000)]
    common = {
        "visibility": "public",
        "language": "en",
        "media_attachments": [],
        "tags": [{"name": "python", "url": "https://here.example/tags/python"}],
        "account": {"id": "7", "acct": "ana", "followers_count": 12, "bot": False},
    }
    text = (size - 330) // 7
    return [
        RawEvent(
            source="mastodon",
            source_id="here.example",
            instance="here.example",
            event_type="status",
            post_id=f"{name} {number}",
            occurred_at=START + SPREAD * roll.random(),
            observed_at=START + SPREAD,
            payload={
                "id": f"{name} {number}",
                "favourites_count": number,
                "content": " ".join(roll.choices(words, k=text)),
                **common,
            },
        )
        for number in range(rows)
    ]


@dataclass(frozen=True)
class Bench:
    """The ways to fill raw_events, each from empty."""

    cluster: Cluster
    settings: Settings
    connection: Connection
    owner: Connection

    def medians(
        self, ways: dict[str, Callable[[], object]], *, rounds: int
    ) -> dict[str, float]:
        """CPU seconds of client and server, the ways by turns."""
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, fill in ways.items():
                self.empty()
                taken[name].append(self.cpu_of(fill))
        return {name: statistics.median(seconds) for name, seconds in taken.items()}

    def cpu_of(self, work: Callable[[], object]) -> float:
        before = self._cpu()
        work()
        return self._cpu() - before

    def empty(self) -> None:
        self.owner.execute("truncate bronze.raw_events")
        with psycopg.connect(self.cluster.dsn(), autocommit=True) as admin:
            admin.execute("checkpoint")

    def store(self, events: Sequence[RawEvent], batch: int = BATCH) -> None:
        for start in range(0, len(events), batch):
            store(self.connection, events[start : start + batch], "bench")
            self.connection.commit()

    def as_text(self, events: Sequence[RawEvent]) -> Path:
        """The rows in COPY's own text format, as psql wants them."""
        file = self.cluster.root / "rows.txt"
        self.store(events)
        statement = f"copy (select {ALL} from bronze.raw_events) to stdout"
        with (
            file.open("wb") as written,
            self.connection.cursor() as cursor,
            cursor.copy(statement) as rows,
        ):
            written.writelines(rows)
        self.connection.commit()
        return file

    def psql_copy(self, file: Path) -> None:
        command = f"\\copy bronze.raw_events ({' '.join(ALL.split())}) from '{file}'"
        subprocess.run(
            [postgres_programs() / "psql", self.settings.dsn(), "-qc", command], check=True
        )

    def to_sql(self, events: Sequence[RawEvent]) -> None:
        import pandas as pd
        from sqlalchemy import create_engine
        from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID

        engine = create_engine(self._address)
        frame = pd.DataFrame(_plain(events))
        frame.to_sql(
            "raw_events",
            engine,
            schema="bronze",
            if_exists="append",
            index=False,
            dtype={"payload": JSONB, "id": UUID, "payload_hash": BYTEA},
        )
        engine.dispose()

    def core_inserts(self, events: Sequence[RawEvent]) -> None:
        from sqlalchemy import MetaData, Table, create_engine, insert

        engine = create_engine(self._address)
        target = Table("raw_events", MetaData(schema="bronze"), autoload_with=engine)
        with engine.begin() as transaction:
            transaction.execute(insert(target), _plain(events))
        engine.dispose()

    def growth(self, few: int, many: int) -> float:
        """How much more a batch costs on top of many rows than on top of few."""
        self.empty()
        costs, there = [], 0
        for rows in (few, many):
            values = {"start": START, "spread": SPREAD, "first": there + 1, "last": rows}
            self.owner.execute(GROW, values)
            self.owner.execute("vacuum analyze bronze.raw_events")
            there, taken = rows, []
            for number in range(5):
                # One batch takes some ticks of the clock that counts CPU: too few to compare.
                batches = events_of_size(10 * BATCH, name=f"{rows} {number}", size=430)
                taken.append(self.cpu_of(partial(self.store, batches)))
            costs.append(statistics.median(taken))
        return costs[1] / costs[0]

    @property
    def _address(self) -> str:
        return self.settings.dsn().replace("postgresql://", "postgresql+psycopg://", 1)

    def _cpu(self) -> float:
        # A backend that has just said goodbye counts with its parent once it is gone.
        time.sleep(0.3)
        used = os.times()
        client = used.user + used.system + used.children_user + used.children_system
        pid = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        return client + _cpu_of_tree(psutil.Process(pid))


def _cpu_of_tree(postmaster: psutil.Process) -> float:
    try:
        living = [backend.cpu_times() for backend in postmaster.children()]
    except psutil.NoSuchProcess:
        return _cpu_of_tree(postmaster)
    own = postmaster.cpu_times()
    ended = own.children_user + own.children_system
    return float(ended + sum(times.user + times.system for times in [own, *living]))


def _plain(events: Sequence[RawEvent]) -> list[dict[str, object]]:
    return [
        {
            **event.model_dump(),
            "id": event.id,
            "payload_hash": event.payload_hash,
            "last_seen_at": event.observed_at,
            "pipeline_run_id": "bench",
        }
        for event in events
    ]


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A migrated warehouse that nothing else uses."""
    with running_postgres(folder) as cluster:
        settings = Settings(
            _env_file=None,
            database_host=LOOPBACK,
            database_port=cluster.port,
            database_name="bench",
            database_password="loader",
            database_owner_password="owner",
            database_reader_password="reader",
            database_monitor_password="monitor",
        )
        bootstrap(cluster.dsn(), settings)
        migrate(settings)
        with (
            connect(settings) as connection,
            connect(settings, "owner", autocommit=True) as owner,
        ):
            weeks = [(START + timedelta(weeks=week)).date() for week in range(9)]
            owner.execute("select bronze.ensure_raw_events_weeks(%s)", [weeks])
            yield Bench(cluster, settings, connection, owner)
