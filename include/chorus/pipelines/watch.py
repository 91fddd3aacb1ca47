"""Looks whether a rule holds: each finding is one sentence, and remembered in ops.watch_state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain import rules
from chorus.pipelines.extract import configured_targets
from chorus.pipelines.silence import last_reading, longest_silence, longest_wait, usual_windows
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    is_well: bool
    sentence: str


Check = Callable[[Connection, Settings], Finding]


def silence(connection: Connection, settings: Settings) -> Finding:
    """Nothing was read for too long. A window that held nothing new was read: what is quiet is not out of order."""
    reading, limit = last_reading(connection, settings), longest_silence(connection, settings)
    last = reading.ended_at
    if last is None and reading.began_at and _age(reading.began_at) <= limit:
        return Finding(is_well=True, sentence="The first run has begun.")
    if last is None:
        return Finding(is_well=False, sentence="Nothing was ever ingested.")
    said = f"The last run that ingested something ended {_ago(last)}."
    return Finding(is_well=_age(last) <= limit, sentence=said)


def failing(connection: Connection, settings: Settings) -> Finding:
    in_a_row = settings.thresholds.failed_in_a_row
    found = _rows(connection, settings, "failing", in_a_row=in_a_row)
    return _unless(
        [
            f"{row['dag_id']} failed {in_a_row} times in a row, last with: {row['error'] or 'no word'}"
            for row in found
        ],
        f"No DAG failed {in_a_row} times in a row.",
    )


def freshness(connection: Connection, settings: Settings) -> Finding:
    """Per source and instance: the last good answer is no older than two windows of its source."""
    wanted, asked = _wanted(settings), set()
    usual = {found.source: found.length for found in usual_windows(connection, settings)}
    late, fresh = [], []
    for row in _rows(connection, settings, "freshness"):
        if (row["source"], row["instance"]) not in wanted:
            continue
        asked.add((row["source"], row["instance"]))
        last = row["last_success_at"]
        limit = longest_wait(usual.get(row["source"], timedelta(0)), settings)
        name = f"{row['source']} {row['instance']}"
        if last is not None and _age(last) <= limit:
            fresh.append(f"{name} answered {_ago(last)}")
        else:
            when = f"answered {_ago(last)}" if last else "never answered"
            why = f" ({row['last_error']})" if row["last_error"] else ""
            late.append(f"{name} {when}{why}")
    never = [f"{source} {instance} was not asked yet" for source, instance in wanted - asked]
    return _unless(late, _joined(fresh + sorted(never)) if wanted else "There is no target.")


def breakers(connection: Connection, settings: Settings) -> Finding:
    """Of what is still listened to: nobody closes the breaker of an instance that is not asked any more."""
    wanted = _wanted(settings)
    found = [
        row
        for row in _rows(connection, settings, "breakers")
        if (row["source"], row["instance"]) in wanted
    ]
    return _unless(
        [
            f"{row['source']} {row['instance']} is left alone ({row['breaker']}) since {_clock(row['opened_at'])} "
            f"after {row['failures_in_a_row']} failures: {row['last_error']}"
            for row in found
        ],
        "Every breaker is closed.",
    )


def dead_letters(connection: Connection, settings: Settings) -> Finding:
    found = _rows(connection, settings, "dead_letters")
    total = sum(row["letters"] for row in found)
    kinds = ", ".join(f"{row['letters']} {row['error_class']}" for row in found[:NAMED])
    said = f"{total} dead letters are open: {kinds}." if total else "No dead letter is open."
    return Finding(is_well=total <= settings.thresholds.open_dead_letters, sentence=said)


def errors(connection: Connection, settings: Settings) -> Finding:
    """A look that was missed is made up for: it goes back to the last one, a day at most."""
    percent = settings.thresholds.error_rate
    found = _rows(connection, settings, "errors", rule=rules.ERRORS.name, percent=percent)
    return _unless(
        [
            f"{row['failed']} of {row['ended']} steps failed in the five minutes from {_clock(row['since'])} "
            f"({row['classes']})"
            for row in found
        ],
        f"No five minutes since the last look had more than {percent:g} % of failed steps.",
    )


def quality(connection: Connection, settings: Settings) -> Finding:
    least = settings.thresholds.quality_score
    found = _rows(connection, settings, "quality")
    scores = [f"{row['source']} {row['score']:.1f}" for row in found]
    return _unless(
        [
            f"{row['source']} scored {row['score']:.1f} of 100, below {least:g} ({row['broken'] or 'no single measure'})"
            for row in found
            if row["score"] < least
        ],
        f"The last scores: {', '.join(scores)}." if scores else "Nothing was measured yet.",
    )


def model_host(connection: Connection, settings: Settings) -> Finding:
    found = _rows(connection, settings, "model_host")
    waiting = [
        f"{row['waiting']} posts wait for {row['model_key']} since {_clock(row['since'])}"
        for row in found
    ]
    late = any(_age(row["since"]) > settings.thresholds.silent for row in found)
    if late or waiting:
        return Finding(is_well=not late, sentence=_joined(waiting))
    return Finding(is_well=True, sentence="No post waits for a model.")


def late_layers(connection: Connection, settings: Settings) -> Finding:
    [row] = _rows(connection, settings, "late_layers")
    limits = {
        "silver": settings.thresholds.silver_minutes,
        "gold": settings.thresholds.gold_minutes,
    }
    return _unless(
        [
            f"{layer} waits since {_clock(row[layer])}, which is longer than {minutes:g} minutes"
            for layer, minutes in limits.items()
            if row[layer] is not None and _age(row[layer]) > timedelta(minutes=minutes)
        ],
        "Silver and gold hold what bronze holds.",
    )


def _wanted(settings: Settings) -> set[tuple[str, str]]:
    return {(target.source, target.instance) for target in configured_targets(settings)}


def _rows(
    connection: Connection, settings: Settings, question: str, **values: object
) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render(f"ops/watch/{question}.sql", settings), values)
        return cursor.fetchall()


def _unless(trouble: list[str], well: str) -> Finding:
    return Finding(is_well=not trouble, sentence=_joined(trouble) if trouble else well)


def _joined(sentences: list[str]) -> str:
    more = f"; and {len(sentences) - NAMED} more" if len(sentences) > NAMED else ""
    return f"{'; '.join(said.rstrip('.') for said in sentences[:NAMED])}{more}."


def _age(moment: datetime) -> timedelta:
    return datetime.now(UTC) - moment


def _ago(moment: datetime) -> str:
    minutes = int(_age(moment).total_seconds() // 60)
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} minute{'' if minutes == 1 else 's'} ago"
    return f"{minutes // 60} hours ago"


def _clock(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%d %b %H:%M} UTC" if moment else "some time"
