r"""How fast bronze takes events in, beside `psql \copy` of the same rows as ready text, pandas and SQLAlchemy.

CPU of client and server together, so that other people's load changes little. psql is given rows whose ids and
JSON somebody made before, so we are given events; what making one costs (checks, JSON, hash) stands in a line of its
own. Then what a batch costs on top of few rows and of many: it must hardly depend on them.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks._bronze import bench, events_of_size
from benchmarks._measure import FULL, cpu_seconds, table, verdict
from chorus.domain.events import RawEvent

ROWS = 200_000 if FULL else 20_000
ROUNDS = 5 if FULL else 3
FEW, MANY = (200_000, 5_000_000) if FULL else (20_000, 200_000)
BAR = 0.7
GROWTH_BAR = 1.3


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as run:
        events: list[RawEvent] = []
        making = cpu_seconds(lambda: events.extend(events_of_size(ROWS)))
        text = run.as_text(events)
        ways: dict[str, Callable[[], object]] = {
            "store": lambda: run.store(events),
            "psql \\copy": lambda: run.psql_copy(text),
        }
        seconds = run.medians(ways, rounds=ROUNDS)
        some = events[: ROWS // 10]
        others: dict[str, Callable[[], object]] = {
            "pandas to_sql": lambda: run.to_sql(some),
            "SQLAlchemy Core": lambda: run.core_inserts(some),
        }
        slow = run.medians(others, rounds=1)
        ratio = seconds["psql \\copy"] / seconds["store"]
        growth = run.growth(FEW, MANY)
    table(
        f"{ROWS:,} events of 1.6 kB, CPU of client and server",
        [
            *((name, _rate(ROWS, taken)) for name, taken in seconds.items()),
            *((name, _rate(len(some), taken)) for name, taken in slow.items()),
            ("making the events", _rate(ROWS, making)),
            ("store against psql", f"{ratio:.2f} of its rate, at least {BAR}"),
            (
                f"a batch on {MANY:,} rows against {FEW:,}",
                f"{growth:.2f}, at most {GROWTH_BAR}",
            ),
        ],
    )
    verdict(
        "bronze_load",
        ratio=ratio,
        bar=BAR,
        at_least=True,
        held=growth <= GROWTH_BAR,
        growth=round(growth, 2),
    )


def _rate(rows: int, seconds: float) -> str:
    return f"{rows / seconds:9,.0f} rows per CPU second"


if __name__ == "__main__":
    main()
