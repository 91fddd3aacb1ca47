"""A warehouse of made-up life: filled as fast as SQL goes, then taken through batches while PostgreSQL is watched."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks._measure import FULL
from benchmarks._server_cpu import server_cpu
from benchmarks._synthetic import batch, edit, indexed_later, live, remember_hours, rename
from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.pipelines.gold import refresh_views
from chorus.pipelines.silver import load_silver
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import Cluster
from chorus.stack.running_postgres import running_postgres
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
# As ops/postgresql.conf has it, but for what a larger machine has more of: a server of the tests is made smaller.
SERVER = {
    "work_mem": "32MB",
    "hash_mem_multiplier": "2",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "max_wal_size": "32GB",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_cost_limit": "1000",
} | ({"shared_buffers": "6GB", "effective_cache_size": "16GB"} if FULL else {})
# Where filled warehouses are kept for the next time; filling the large one takes longest.
KEPT_IN = os.environ.get("WAREHOUSES")
PATIENCE = 300
UNSWEPT = """
select count(*)
from pg_stat_user_tables as stats
inner join pg_class as class on stats.relid = class.oid
where
    class.reloptions::text like '%autovacuum_vacuum_insert_scale_factor%'
    and greatest(stats.n_ins_since_vacuum, stats.n_dead_tup) > 1000 + 0.01 * class.reltuples
"""
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
        """Open a copy of what was filled, so that each run begins with the same."""
        filled = self._open(f"filled_{self.posts}")
        with connect(filled, "owner") as owner:
            lived_until = _last_post(owner)
            # Lately: what is counted by the minute is counted for the last two days alone.
            self.until = lived_until or datetime.now(UTC).replace(microsecond=0)
            if lived_until is None:
                self._fill(owner, filled)
        name = f"posts_{self.posts}"
        with psycopg.connect(self.cluster.dsn(), autocommit=True) as admin:
            admin.execute(f"drop database if exists {name}")
            admin.execute(
                f"create database {name} template {filled.database_name} strategy file_copy owner chorus_owner"
            )
        self.settings = self._open(name)
        self.connection: Connection = connect(self.settings)

    def _open(self, database: str) -> Settings:
        """Where a database of that name is, with what migrations make; made if need be."""
        settings = Settings(
            _env_file=None,
            database_host=LOOPBACK,
            database_port=self.cluster.port,
            database_name=database,
            database_password="loader",
            database_owner_password="owner",
        )
        bootstrap(self.cluster.dsn(), settings)
        with psycopg.connect(self.cluster.dsn()) as admin:
            admin.execute("grant set on parameter session_replication_role to chorus_owner")
        migrate(settings)
        return settings

    def _fill(self, owner: psycopg.Connection[Any], settings: Settings) -> None:
        """Let it live."""
        # What is made up holds what its keys promise; asking row by row would take most of the time.
        owner.execute("set session_replication_role = replica")
        owner.execute("set maintenance_work_mem = '512MB'")
        with indexed_later(owner, settings, but=["account_identities"]):
            live(
                owner,
                settings,
                posts=self.posts,
                accounts=self.posts // 5,
                hashtags=self.posts // 300,
                until=self.until,
            )
            remember_hours(owner, settings, self.until)
            apply_rollups(owner, settings, GROWING)
        apply_rollups(owner, settings, LOOKED_UP)
        owner.commit()
        with connect(settings) as loader:
            refresh_views(loader)
        with psycopg.connect(
            self.cluster.dsn(), dbname=settings.database_name, autocommit=True
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
            until=self.after(number),
        )
        self.connection.commit()
        self.measure(
            "load", lambda: load_silver(self.connection, self.settings, "bench", MODEL)
        )
        self.measure("refresh", lambda: refresh_views(self.connection))

    def rename(self, changed: int) -> None:
        """A load in which so many accounts have a new name: SCD Type 2, as exact as ever."""
        every = self.posts // 5 // changed
        rename(
            self.connection,
            self.settings,
            changed=changed,
            every=every,
            until=self.after(ROUNDS),
        )
        self.connection.commit()
        self.measure(
            "renamed", lambda: load_silver(self.connection, self.settings, "bench", MODEL)
        )

    def edit(self, every: int) -> None:
        """Posts of the last week that say something else than at first."""
        since = self.after(ROUNDS) - timedelta(days=7)
        with connect(self.settings, "owner") as owner:
            edit(owner, self.settings, MODEL, every=every, since=since)

    def wait_for_autovacuum(self) -> None:
        """Until it has been to what questions read from keys alone, as it has a minute after a load."""
        with psycopg.connect(
            self.cluster.dsn(), dbname=self.settings.database_name, autocommit=True
        ) as admin:
            for _ in range(PATIENCE):
                [waiting] = admin.execute(UNSWEPT).fetchone() or (0,)
                if not waiting:
                    return
                time.sleep(1)
        raise SystemExit(f"Autovacuum did not come within {PATIENCE} s: {waiting} tables wait.")

    def after(self, number: int) -> datetime:
        """The end of a batch: as many posts in an hour as the large warehouse has, it is what came in since the last."""
        return self.until + number * timedelta(hours=HOURS_LATER)

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
            for name, value in SERVER.items():
                setting = sql.SQL("alter system set {} = {}")
                admin.execute(setting.format(sql.Identifier(name), sql.Literal(value)))
        with running_postgres(folder, durable=False) as cluster:
            yield cluster


def _last_post(owner: psycopg.Connection[Any]) -> datetime | None:
    query = "select max(created_at) from dim_facts.fact_toot_engagement"
    [moment] = owner.execute(query).fetchone() or (None,)
    return moment
