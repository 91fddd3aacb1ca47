"""What was promised beside what thirty days were like."""

from dataclasses import dataclass

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.pipelines.silence import longest_silence
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

DAYS = 30
# Name -> what it is, its unit, and whether more is better.
OBJECTIVES = {
    "completeness": ("fields that posts should have and have", "%", True),
    "duplicates": ("posts whose text another post has", "%", False),
    "invalid": ("payloads that could not be taken in", "%", False),
    "job_success": ("runs that ended well, or partly so", "%", True),
    "mean_run_minutes": ("how long a run takes on average", "min", False),
    "uptime": ("time in which nothing was silent for too long", "%", True),
}


@dataclass(frozen=True, slots=True)
class Objective:
    """`measured` is None where there was nothing to measure; that misses nothing."""

    name: str
    says: str
    unit: str
    more_is_better: bool
    promised: float
    measured: float | None

    @property
    def is_met(self) -> bool:
        if self.measured is None:
            return True
        if self.more_is_better:
            return self.measured >= self.promised
        return self.measured <= self.promised


def measure_objectives(
    connection: Connection, settings: Settings, days: int = DAYS
) -> list[Objective]:
    """Every objective; needs no more than chorus_monitor may read."""
    promised, silent = settings.thresholds, longest_silence(connection, settings)
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            render("ops/slo/measure.sql", settings),
            {"days": days, "silent_seconds": silent.total_seconds()},
        )
        [row] = cursor.fetchall()
    return [
        Objective(name, *kind, promised=getattr(promised, name), measured=row[name])
        for name, kind in OBJECTIVES.items()
    ]
