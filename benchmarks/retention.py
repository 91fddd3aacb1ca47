"""What a retention pass costs over 90 days of weekly partitions: with nothing to do, cooling all of them, archiving each.

A pass has a week to cool and a week to archive every seventh day; here thirteen are cooled at once, by the clock, which has
a bar of its own. They are archived one by one, in turns with what one would otherwise write: a plain table read by pandas
week by week, to_parquet, and a delete. Ours writes, reads again, compares, and only then lets go; theirs compares nothing.
Of these two CPU seconds of client and server are compared.
"""

import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from upath import UPath

from benchmarks._bronze import bench
from benchmarks._measure import FULL, table, verdict, wall_seconds
from chorus.pipelines.retention import retain
from chorus.warehouse.connection import Connection

WEEKS = 13
ROWS = 100_000 if FULL else 10_000
BAR = 3.0
COOLED_WITHIN = 10.0
FIRST = datetime(2025, 1, 6, tzinfo=UTC)
LAST = FIRST + timedelta(weeks=WEEKS)
A_YEAR_OLD = timedelta(weeks=1, days=366)  # from a week's beginning until it is archived
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

        def one_pass(now: datetime, **expected: int) -> None:
            counts = retain(run.connection, run.settings, archive, now=now, dry_run=False)
            if +counts != expected:
                sys.exit(f"A pass at {now} did {counts} instead of {expected}.")

        nothing = wall_seconds(lambda: one_pass(LAST + timedelta(days=1)))
        cooling = wall_seconds(lambda: one_pass(LAST + timedelta(days=100), weeks_cooled=WEEKS))
        ours, obvious = [], []
        for number in range(WEEKS):
            begins = FIRST + timedelta(weeks=number)
            ours.append(run.cpu_of(partial(one_pass, begins + A_YEAR_OLD, weeks_archived=1)))
            the_other_way = partial(the_obvious_way, run.connection, begins, Path(folder))
            obvious.append(run.cpu_of(the_other_way))
    # The first week warms both and does not count.
    archived, by_pandas = statistics.median(ours[1:]), statistics.median(obvious[1:])
    table(
        f"{WEEKS} weeks of {ROWS:,} raw events of 1.6 kB",
        [
            ("a pass with nothing to do", f"{nothing:.2f} s"),
            ("a pass that cools every week", f"{cooling:.2f} s, at most {COOLED_WITHIN:.0f}"),
            (
                "a week archived",
                f"{archived:.2f} CPU s, {ROWS / archived:,.0f} rows a CPU second",
            ),
            (
                "by pandas and delete",
                f"{by_pandas:.2f} CPU s, {ROWS / by_pandas:,.0f} rows a CPU second",
            ),
        ],
    )
    verdict(
        "retention",
        ratio=archived / by_pandas,
        bar=BAR,
        at_least=False,
        held=cooling <= COOLED_WITHIN,
        cooling=round(cooling, 2),
        archived=round(archived, 2),
        by_pandas=round(by_pandas, 2),
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


def the_obvious_way(connection: Connection, begins: datetime, folder: Path) -> None:
    import pandas as pd

    columns = ", ".join(
        f"{name}::text" if kind in {"uuid", "jsonb"} else str(name)
        for name, kind in connection.execute(COLUMNS).fetchall()
    )
    week = (begins, begins + timedelta(weeks=1))
    there = "from obvious where occurred_at >= %s and occurred_at < %s"
    cursor = connection.execute(f"select {columns} {there}", week)
    names = [column.name for column in cursor.description or ()]
    frame = pd.DataFrame(cursor.fetchall(), columns=names)
    frame.to_parquet(folder / f"{begins:%Gw%V}.parquet")
    connection.execute(f"delete {there}", week)
    connection.commit()


if __name__ == "__main__":
    main()
