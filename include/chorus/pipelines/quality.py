"""How good what a run brought is: four shares, a score from 0 to 100, and each soft rule by its name."""

from collections import Counter

from chorus.config import Settings
from chorus.transform.quality_schema import WANTED, flaws
from chorus.warehouse import quality
from chorus.warehouse.connection import Connection
from chorus.warehouse.quality import Measure

# What each should at least be; four shares make the score, in equal parts.
THRESHOLDS = {"completeness": 0.7, "uniqueness": 0.5, "validity": 0.95, "consistency": 0.95}
SCORE_THRESHOLD = 80.0


def measure_quality(
    connection: Connection, run_id: str, settings: Settings | None = None
) -> dict[str, float]:
    """Measure what a run wrote and keep it in ops.quality_results; measuring again overwrites."""
    rows: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for looks in quality.looks(connection, settings, run_id):
        by_rule, inconsistent = flaws(looks)
        rules.update(by_rule)
        rows.update(
            seen=len(looks["is_duplicate"]),
            missing=sum(looks[name].count(None) for name in WANTED),
            duplicates=sum(looks["is_duplicate"]),
            inconsistent=inconsistent,
        )
    rejected = quality.rejected(connection, settings, run_id)
    judged, unusual = quality.unusual_hours(connection, settings, run_id)
    seen = rows["seen"]
    shares = [
        _share("completeness", seen * len(WANTED), rows["missing"]),
        _share("uniqueness", seen, rows["duplicates"]),
        _share("validity", seen + rejected, rejected),
        _share("consistency", seen, rows["inconsistent"]),
    ]
    score = 100 * sum(share.value for share in shares) / len(shares)
    measures = [
        *shares,
        Measure("score", score, SCORE_THRESHOLD, seen + rejected, rejected),
        _share("usual_posts_per_hour", judged, unusual),
        *(_share(rule, seen, broken) for rule, broken in rules.items()),
    ]
    quality.write(connection, settings, run_id, measures)
    connection.commit()
    return {measure.measure: measure.value for measure in measures}


def _share(name: str, checked: int, failed: int) -> Measure:
    """Nothing to check is nothing wrong."""
    value = 1 - failed / checked if checked else 1.0
    return Measure(name, value, THRESHOLDS.get(name), checked, failed)
