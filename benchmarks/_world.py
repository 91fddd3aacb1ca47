"""A warehouse of made-up life: filled as fast as SQL goes, then taken through batches while PostgreSQL is watched."""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks._measure import FULL
from benchmarks._server_cpu import server_cpu
from benchmarks._synthetic import batch, indexed_later, live, remember_hours, rename
from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.pipelines.gold import refresh_views
from chorus.pipelines.silver import load_silver
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import Cluster, running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.gold import STEPS, apply_rollups
from chorus.warehouse.migrations import migrate

FEW, MANY, BATCH = (500_000, 5_000_000, 100_000) if FULL else (20_000, 200_000, 10_000)
HOURS_LATER = 48
ROUNDS = 3
# Where nothing was before, nothing goes; and what is looked up needs its index.
LOOKED_UP = ["rollup_day/extremes"]
GROWING = [
    step
    for step in STEPS
    if not step.endswith(("/prune", "/remove", "/span")) and step not in LOOKED_UP
]
# 5 million posts do not fit into what PostgreSQL keeps in memory unless it is told to.
ROOM = {"shared_buffers": "4GB", "max_wal_size": "32GB"} if FULL else {}
# Where filled warehouses are kept for the next time; filling the large one takes longest.
KEPT_IN = os.environ.get("WAREHOUSES")
MODEL = ModelKey(
    model="toy",
    model_revision="1",
    backend="vader",
    precision="exact",
    preprocessing_version="1",
)


@dataclass
class World:
    """One warehouse, and what was measured in it."""

    cluster: Cluster
    posts: int
    taken: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings = Settings(
            _env_file=None,
            database_host=LOOPBACK,
            database_port=self.cluster.port,
            database_name=f"posts_{self.posts}",
            database_password="loader",
            database_owner_password="owner",
        )
        bootstrap(self.cluster.dsn(), self.settings)
        with psycopg.connect(self.cluster.dsn()) as admin:
            admin.execute("grant set on parameter session_replication_role to chorus_owner")
        migrate(self.settings)
        self.connection: Connection = connect(self.settings)

    def fill(self) -> None:
        """Let it live, unless it has."""
        lived = self.connection.execute("select from dim_facts.dim_content limit 1").fetchall()
        # What fills it drops indexes, and waits for whoever has read.
        self.connection.rollback()
        if lived:
            return
        with connect(self.settings, "owner") as owner:
            # What is made up holds what its keys promise; asking row by row would take most of the time.
            owner.execute("set session_replication_role = replica")
            owner.execute("set maintenance_work_mem = '512MB'")
            with indexed_later(owner, self.settings, but=["account_identities"]):
                live(
                    owner,
                    self.settings,
                    posts=self.posts,
                    accounts=self.posts // 5,
                    hashtags=self.posts // 300,
                )
                remember_hours(owner, self.settings)
                apply_rollups(owner, self.settings, GROWING)
            apply_rollups(owner, self.settings, LOOKED_UP)
        refresh_views(self.connection)
        with psycopg.connect(
            self.cluster.dsn(), dbname=self.settings.database_name, autocommit=True
        ) as admin:
            # The keys were given, not drawn.
            keys = "select setval(pg_get_serial_sequence('dim_facts.dim_content', 'content_key'), %s)"
            admin.execute(keys, [self.posts])
            admin.execute("vacuum analyze")
            admin.execute("checkpoint")

    def measure(self, what: str, work: Callable[[], object]) -> None:
        before = server_cpu(self.cluster)
        work()
        self.taken.setdefault(what, []).append(server_cpu(self.cluster) - before)

    def take_in(self, number: int) -> None:
        """One batch, from observations to refreshed views."""
        batch(
            self.connection,
            self.settings,
            name=f"batch{number}-",
            new=BATCH * 79 // 100,
            again=BATCH * 21 // 100,
            accounts=FEW // 5,
            hashtags=FEW // 300,
            # As many posts in an hour as the large warehouse has: a batch of it is what came in since the last one.
            hours_later=HOURS_LATER * number,
        )
        self.connection.commit()
        self.measure(
            "load", lambda: load_silver(self.connection, self.settings, "bench", MODEL)
        )
        self.measure("refresh", lambda: refresh_views(self.connection))

    def rename(self, changed: int) -> None:
        """A load in which so many accounts have a new name: SCD Type 2, as exact as ever."""
        every = self.posts // 5 // changed
        rename(self.connection, self.settings, changed=changed, every=every)
        self.connection.commit()
        self.measure(
            "renamed", lambda: load_silver(self.connection, self.settings, "bench", MODEL)
        )

    def median(self, what: str) -> float:
        return statistics.median(self.taken[what])


@contextmanager
def roomy_postgres() -> Iterator[Cluster]:
    """A server with room for the large warehouse, in a folder that goes with it unless one is named."""
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(KEPT_IN or passing)
        with (
            running_postgres(folder, durable=False) as cluster,
            psycopg.connect(cluster.dsn(), autocommit=True) as admin,
        ):
            for name, value in ROOM.items():
                setting = sql.SQL("alter system set {} = {}")
                admin.execute(setting.format(sql.Identifier(name), sql.Literal(value)))
        with running_postgres(folder, durable=False) as cluster:
            yield cluster
