"""What every benchmark does: measure two ways side by side, print a small table, end with one line of JSON."""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

FULL = os.environ.get("SIZE", "small") == "full"


def wall_seconds(work: Callable[[], object]) -> float:
    """How long it takes by the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu_seconds(work: Callable[[], object]) -> float:
    """How much it computes, its ended children included: what other people's load on the machine changes least."""
    before = _cpu()
    work()
    return _cpu() - before


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def side_by_side(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    pairs: int = 5,
    seconds: Callable[[Callable[[], object]], float] = cpu_seconds,
) -> tuple[float, float]:
    """Median seconds of both, run A B A B, after one round that does not count."""
    ours()
    theirs()
    taken = [(seconds(ours), seconds(theirs)) for _ in range(pairs)]
    return statistics.median(a for a, _ in taken), statistics.median(b for _, b in taken)


def table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print what was measured, aligned."""
    listed = list(rows)
    width = max(len(name) for name, _ in listed)
    print(title)
    for name, value in listed:
        print(f"  {name:<{width}}  {value}")


def verdict(
    name: str, *, ratio: float, bar: float, at_least: bool, held: bool = True, **more: Any
) -> None:
    """The last line, for machines; and the exit code, for make. `held`: whether every other bar was."""
    ok = held and (ratio >= bar if at_least else ratio <= bar)
    print(json.dumps({"name": name, "ratio": round(ratio, 3), "bar": bar, "ok": ok, **more}))
    sys.exit(0 if ok else 1)


def used_by_this_process(rows: int) -> None:
    """The line by which a process of one way says what it did, and what of CPU and memory that took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"rows": rows, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024}))
