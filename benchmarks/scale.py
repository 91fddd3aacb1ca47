"""What fifty million posts do to the fact table: its size, a batch, a day, all of it, and a day that is forgotten.

Two copies of silver's own fact table with its own indexes, one ten times the other, a million posts a day. Narrow on
purpose: the rest of the star would not fit beside it on a laptop's disk. CPU seconds of the whole server.
"""

import statistics
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._measure import FULL, table, verdict, wall_seconds
from benchmarks._server_cpu import server_cpu
from chorus.config import Settings
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import Cluster
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.migrations import migrate

DAY = 1_000_000
FEW, MANY = (5 * DAY, 50 * DAY) if FULL else (DAY, 2 * DAY)
NEW, AGAIN = 79_000, 21_000
ROUNDS = 3
BAR = 1.3
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
GIGABYTE = 1024**3
FACTS = "dim_facts.fact_toot_engagement"
# As ops/postgresql.conf has it; a server of the tests is made smaller.
SETTINGS = {"work_mem": "32MB", "maintenance_work_mem": "512MB", "random_page_cost": "1.1"}


class Facts:
    """One copy of the fact table, and what was measured on it."""

    def __init__(self, cluster: Cluster, owner: psycopg.Connection[Any], posts: int) -> None:
        self._cluster, self._owner = cluster, owner
        self.name = f"facts_{posts}"
        self.newest = 0
        self.taken: dict[str, list[float]] = {}
        self._run(f"create unlogged table {self.name} (like {FACTS})")
        self.fill = wall_seconds(lambda: self.add(posts))
        self.index = wall_seconds(self._index)
        self._run(f"vacuum analyze {self.name}")

    def add(self, posts: int) -> None:
        self.ask("fill", first=self.newest + 1, posts=posts)
        self.newest += posts

    def batch(self) -> None:
        """New posts, and a second look at some of the newest day."""
        self.add(NEW)
        self.ask("look_again", newest=self.newest, posts=AGAIN)

    def day(self) -> None:
        self.ask("one_day", until=BEGIN + timedelta(days=self.newest / DAY))

    def ask(self, file: str, **values: Any) -> None:
        text = (Path(__file__).parent / "scale" / f"{file}.sql").read_text()
        self._run(text.replace("{{ facts }}", self.name), values)

    def measure(self, what: str, work: Any) -> None:
        before = server_cpu(self._cluster)
        work()
        self.taken.setdefault(what, []).append(server_cpu(self._cluster) - before)

    def median(self, what: str) -> float:
        # The first round warms caches and does not count.
        seconds = self.taken[what]
        return statistics.median(seconds[1:] or seconds)

    def gigabytes(self) -> tuple[float, float]:
        """Of the table, and of its indexes."""
        query = "select pg_table_size(%(name)s), pg_indexes_size(%(name)s)"
        [heap, indexes] = self._owner.execute(query, {"name": self.name}).fetchone() or (0, 0)
        return heap / GIGABYTE, indexes / GIGABYTE

    def _index(self) -> None:
        """Those that the migrations make, once the rows are there."""
        query = "select indexname, indexdef from pg_indexes where schemaname || '.' || tablename = %s"
        for index, text in self._owner.execute(query, [FACTS]).fetchall():
            self._run(text.replace(index, f"{index}_{self.name}").replace(FACTS, self.name))

    def _run(self, text: str, values: dict[str, Any] | None = None) -> None:
        self._owner.execute(text.encode(), values)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder), durable=False) as cluster,
        _owner(cluster) as owner,
    ):
        few, many = (Facts(cluster, owner, posts) for posts in (FEW, MANY))
        for number in range(ROUNDS + 1):
            for facts in (few, many) if number % 2 else (many, few):
                facts.measure("batch", facts.batch)
                facts.measure("day", facts.day)
                facts.measure("best", lambda facts=facts: facts.ask("best"))
        for facts in (few, many):
            facts.measure("all", lambda facts=facts: facts.ask("all_days"))
        heap, indexes = many.gigabytes()
        for facts in (few, many):
            facts.measure("forget", lambda facts=facts: facts.ask("forget"))
    batch = many.median("batch") / few.median("batch")
    rows = {
        f"a batch of {NEW + AGAIN:,}": "batch",
        "a day by hour and mood": "day",
        "the thousand best": "best",
        "all days by hour": "all",
        "a day forgotten": "forget",
    }
    table(
        f"Facts of {FEW:,} and {MANY:,} posts, CPU seconds of PostgreSQL",
        [
            *(
                (name, f"{few.median(what):9.3f} {many.median(what):9.3f}")
                for name, what in rows.items()
            ),
            ("filled, by the clock", f"{few.fill:9.1f} {many.fill:9.1f}"),
            ("indexed, by the clock", f"{few.index:9.1f} {many.index:9.1f}"),
            ("table and indexes of the larger", f"{heap:.2f} GB and {indexes:.2f} GB"),
        ],
    )
    verdict(
        "scale",
        ratio=batch,
        bar=BAR,
        at_least=False,
        bytes_a_post=round((heap + indexes) * GIGABYTE / many.newest),
        all_days=round(many.median("all"), 1),
    )


def _owner(cluster: Cluster) -> psycopg.Connection[Any]:
    settings = Settings(
        _env_file=None,
        database_host=LOOPBACK,
        database_port=cluster.port,
        database_password="loader",
        database_owner_password="owner",
    )
    bootstrap(cluster.dsn(), settings)
    migrate(settings)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    return psycopg.connect(settings.dsn("owner"), autocommit=True, options=options)


if __name__ == "__main__":
    main()
