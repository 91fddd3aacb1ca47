"""What a retention pass costs over 90 days of weekly partitions: with nothing to do, cooling all of them, archiving all.

A pass has a week to cool and a week to archive every seventh day; here it has thirteen at once. The bar is on the pass
that cools ninety days of partitions, by the clock; the archive is shown as rows per second, written, read again and
compared, then dropped. Beside it what one would otherwise write: a plain table read by pandas week by week, to_parquet,
and a delete, where nothing is compared.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from upath import UPath

from benchmarks._bronze import bench
from benchmarks._measure import FULL, table, verdict, wall_seconds
from chorus.pipelines.retention import retain
from chorus.warehouse.connection import Connection

WEEKS = 13
ROWS = 100_000 if FULL else 10_000
BAR = 10.0
FIRST = datetime(2025, 1, 6, tzinfo=UTC)
LAST = FIRST + timedelta(weeks=WEEKS)
COLUMNS = """
    select attname, format_type(atttypid, atttypmod)
    from pg_attribute
    where attrelid = 'obvious'::regclass and attnum > 0
    order by attnum
"""
FILL = """
    insert into bronze.raw_events
    select
        gen_random_uuid(), %(week)s::timestamptz + n * interval '1 second', 'mastodon', 'here.example', 'status',
        jsonb_build_object('id', n, 'content', (
            select string_agg(md5(n::text || '/' || part::text), ' ') from generate_series(1, 45) as part
        )),
        now(), true, now(), 'here.example', n::text, sha256(n::text::bytea), now(), now(), 'run'
    from generate_series(1, %(rows)s) as n
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as run:
        fill(run.connection)
        archive = UPath(Path(folder) / "archive")

        def seconds_at(days: int, **expected: int) -> float:
            def one_pass() -> None:
                now = LAST + timedelta(days=days)
                counts = retain(run.connection, run.settings, archive, now=now, dry_run=False)
                if +counts != expected:
                    sys.exit(f"A pass after {days} days did {counts} instead of {expected}.")

            return wall_seconds(one_pass)

        nothing = seconds_at(1)
        cooling = seconds_at(100, weeks_cooled=WEEKS)
        obvious = wall_seconds(lambda: the_obvious_way(run.connection, Path(folder)))
        archiving = seconds_at(400, weeks_archived=WEEKS)
    events = WEEKS * ROWS
    table(
        f"{WEEKS} weeks of {ROWS:,} raw events of 1.6 kB, seconds by the clock",
        [
            ("a pass with nothing to do", f"{nothing:.2f}"),
            ("a pass that cools every week", f"{cooling:.2f}, at most {BAR:.0f}"),
            (
                "a pass that archives every week",
                f"{archiving:.1f}, {events / archiving:,.0f} rows a second",
            ),
            (
                "the same by pandas and delete",
                f"{obvious:.1f}, {events / obvious:,.0f} rows a second",
            ),
        ],
    )
    verdict(
        "retention",
        ratio=cooling,
        bar=BAR,
        at_least=False,
        archiving=round(archiving, 1),
        obvious=round(obvious, 1),
    )


def fill(connection: Connection) -> None:
    weeks = [FIRST + timedelta(weeks=week) for week in range(WEEKS)]
    connection.execute(
        "select bronze.ensure_raw_events_weeks(%s)", [[week.date() for week in weeks]]
    )
    for week in weeks:
        connection.execute(FILL, {"week": week, "rows": ROWS})
    connection.execute("create temporary table obvious as select * from bronze.raw_events")
    connection.execute("create index on obvious (occurred_at)")
    connection.commit()


def the_obvious_way(connection: Connection, folder: Path) -> None:
    import pandas as pd

    columns = ", ".join(
        f"{name}::text" if kind in {"uuid", "jsonb"} else str(name)
        for name, kind in connection.execute(COLUMNS).fetchall()
    )
    for number in range(WEEKS):
        week = (FIRST + timedelta(weeks=number), FIRST + timedelta(weeks=number + 1))
        there = "from obvious where occurred_at >= %s and occurred_at < %s"
        cursor = connection.execute(f"select {columns} {there}", week)
        names = [column.name for column in cursor.description or ()]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
        frame.to_parquet(folder / f"week_{number}.parquet")
        connection.execute(f"delete {there}", week)
        connection.commit()


if __name__ == "__main__":
    main()
