"""What is still well: every number that an alert, `chorus slo` or Prometheus measures by, in one place.

THRESHOLDS in the settings changes single ones, as in `completeness=90,silent_hours=12`.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

Percent = Annotated[float, Field(ge=0, le=100)]
Span = Annotated[float, Field(gt=0, le=100_000)]  # hours or minutes


class Thresholds(BaseModel):
    """Percentages are of 100."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    completeness: Percent = 98
    duplicates: Percent = 1
    invalid: Percent = 0.5
    job_success: Percent = 95
    mean_run_minutes: Span = 5
    uptime: Percent = 99.5
    quality_score: Percent = 80
    error_rate: Percent = 10
    failed_in_a_row: int = Field(3, ge=1)
    silent_hours: Span = 2
    silver_minutes: Span = 30
    gold_minutes: Span = 20
    open_dead_letters: int = Field(100, ge=0)
    disk_free_gb: float = Field(5, ge=0)
    anomaly_sigma: float = Field(3, gt=0)
    anomaly_posts: int = Field(30, ge=2)

    def __str__(self) -> str:
        return ",".join(f"{name}={number:g}" for name, number in self)

    @property
    def silent(self) -> timedelta:
        return timedelta(hours=self.silent_hours)


def _from_text(value: Any) -> Any:
    """`name=number` pairs, separated by commas."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
    known = Thresholds.model_fields
    for name, _, _ in pairs:
        if name.strip() not in known:
            raise ValueError(
                f"{name.strip()[:40]!r} is no threshold; those are {', '.join(known)}"
            )
    return {name.strip(): number.strip() for name, _, number in pairs}


GivenThresholds = Annotated[Thresholds, NoDecode, BeforeValidator(_from_text)]
