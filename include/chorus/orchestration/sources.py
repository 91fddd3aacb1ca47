"""Which sources are read: those with a DAG of their own, so that a file more is all it takes to have another."""

from functools import cache

from chorus import paths

BRONZE, AGAIN = "bronze_", "_remeasure"


@cache
def sources() -> tuple[str, ...]:
    """Of each `dags/bronze_<source>.py` its source, by name."""
    names = (file.stem.removeprefix(BRONZE) for file in paths.ROOT.glob(f"dags/{BRONZE}*.py"))
    return tuple(sorted(name for name in names if not name.endswith(AGAIN)))
