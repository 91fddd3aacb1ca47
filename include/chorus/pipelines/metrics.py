"""What Prometheus is told, computed from what the warehouse knows at each scrape; needs no more than chorus_monitor."""

from collections.abc import Iterator
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.pipelines.silence import last_reading, longest_silence
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

LIMITS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0)
# What of a job's counts is told, and as which stage.
COUNTED = {
    "events_extracted": "extracted",
    "events_new": "new",
    "transformed": "transformed",
    "rejected": "rejected",
    "scored": "scored",
    "loaded": "loaded",
    "cache_hits": "cache_hits",
}
BREAKERS = ("closed", "half-open", "open")


def collect(connection: Connection, settings: Settings) -> Iterator[Metric]:
    """Every family, from one snapshot."""
    for families in (_jobs, _errors, _records, _quality, _sources, _silence, _watch, _model):
        yield from families(connection, settings)


def _jobs(connection: Connection, settings: Settings) -> Iterator[Metric]:
    jobs = CounterMetricFamily(
        "pipeline_jobs", "Jobs that ended.", labels=["dag", "source", "state"]
    )
    took = HistogramMetricFamily(
        "pipeline_job_duration_seconds",
        "How long jobs took.",
        labels=["dag", "source", "state"],
    )
    last = GaugeMetricFamily(
        "pipeline_job_last_end_timestamp_seconds",
        "When a job last ended so.",
        labels=["dag", "source", "state"],
    )
    found = _rows(connection, settings, "jobs", limits=list(LIMITS))
    for labels, rows in groupby(found, key=itemgetter("dag_id", "source", "state")):
        of_bucket = {row["bucket"]: row for row in rows}
        in_each = [
            of_bucket[n]["jobs"] if n in of_bucket else 0 for n in range(len(LIMITS) + 1)
        ]
        within = dict(zip((*map(str, LIMITS), "+Inf"), accumulate(in_each), strict=True))
        jobs.add_metric(labels, within["+Inf"])
        took.add_metric(
            labels, [*within.items()], sum(row["seconds"] for row in of_bucket.values())
        )
        last.add_metric(labels, max(row["last_ended"] for row in of_bucket.values()))
    yield from (jobs, took, last)


def _errors(connection: Connection, settings: Settings) -> Iterator[Metric]:
    errors = CounterMetricFamily(
        "pipeline_errors", "Steps that failed, each try.", labels=["source", "step"]
    )
    for row in _rows(connection, settings, "errors"):
        errors.add_metric([row["source"], row["step"]], row["failures"])
    yield errors


def _records(connection: Connection, settings: Settings) -> Iterator[Metric]:
    records = CounterMetricFamily(
        "pipeline_records_processed", "Rows that a stage handled.", labels=["source", "stage"]
    )
    hits = CounterMetricFamily(
        "sentiment_cache_hits", "Posts whose text was read before.", labels=["source"]
    )
    for row in _rows(connection, settings, "records", counted=list(COUNTED)):
        if row["counted"] == "cache_hits":
            hits.add_metric([row["source"]], row["total"])
        else:
            records.add_metric([row["source"], COUNTED[row["counted"]]], row["total"])
    yield from (records, hits)


def _quality(connection: Connection, settings: Settings) -> Iterator[Metric]:
    score = GaugeMetricFamily(
        "data_quality_score", "The last run's score, 0 to 100.", labels=["source"]
    )
    for row in _rows(connection, settings, "quality"):
        score.add_metric([row["source"]], row["value"])
    yield score


def _sources(connection: Connection, settings: Settings) -> Iterator[Metric]:
    labels = ["source", "instance"]
    breaker = GaugeMetricFamily(
        "source_breaker_state", "1 for the state it is in.", labels=[*labels, "state"]
    )
    calls = SummaryMetricFamily(
        "external_call_duration_seconds", "Requests and how long they took.", labels=labels
    )
    limit = GaugeMetricFamily("source_rate_limit", "Requests it allows.", labels=labels)
    left = GaugeMetricFamily("source_rate_remaining", "Of these, still left.", labels=labels)
    answered = GaugeMetricFamily(
        "source_last_success_timestamp_seconds", "When it last answered well.", labels=labels
    )
    for row in _rows(connection, settings, "sources"):
        which = [row["source"], row["instance"]]
        for state in BREAKERS:
            breaker.add_metric([*which, state], row["breaker"] == state)
        calls.add_metric(which, row["requests"], row["request_seconds"])
        for gauge, column in (
            (limit, "rate_limit"),
            (left, "rate_remaining"),
            (answered, "last_success"),
        ):
            if row[column] is not None:
                gauge.add_metric(which, row[column])
    yield from (breaker, calls, limit, left, answered)


def _silence(connection: Connection, settings: Settings) -> Iterator[Metric]:
    """A warehouse that has not read anything yet is measured by when it began to, as the rule does."""
    reading = last_reading(connection, settings)
    last = GaugeMetricFamily(
        "chorus_last_reading_timestamp_seconds",
        "When a window was last read, or else the first begun.",
    )
    if (moment := reading.ended_at or reading.began_at) is not None:
        last.add_metric([], moment.timestamp())
    limit = GaugeMetricFamily(
        "chorus_longest_silence_seconds", "So long no window need be read."
    )
    limit.add_metric([], longest_silence(connection, settings).total_seconds())
    yield from (last, limit)


def _watch(connection: Connection, settings: Settings) -> Iterator[Metric]:
    well = GaugeMetricFamily("chorus_watch_well", "1 where a rule holds.", labels=["rule"])
    looked = GaugeMetricFamily(
        "chorus_watch_last_look_timestamp_seconds", "When it was looked at.", labels=["rule"]
    )
    for row in _rows(connection, settings, "watch"):
        well.add_metric([row["rule"]], row["is_well"])
        looked.add_metric([row["rule"]], row["looked_at"])
    yield from (well, looked)


def _model(connection: Connection, settings: Settings) -> Iterator[Metric]:
    speed = GaugeMetricFamily(
        "sentiment_host_posts_per_second", "How fast the model last read.", labels=["source"]
    )
    for row in _rows(connection, settings, "model"):
        if row["posts_per_second"] is not None:
            speed.add_metric([row["source"]], row["posts_per_second"])
    yield speed


def _rows(
    connection: Connection, settings: Settings, question: str, **values: object
) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render(f"ops/metrics/{question}.sql", settings), values)
        return cursor.fetchall()
