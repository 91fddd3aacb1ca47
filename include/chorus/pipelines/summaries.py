"""The days in words: what was talked about, how it felt, what rose, which posts mattered.

The wording is a template, so that the same numbers always give the same words; its version stands with them.
"""

import json
from hashlib import sha256
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

TEMPLATE_VERSION = 1
MILLION = 1_000_000
HALF_A_PERCENT = 0.005


def write_summaries(connection: Connection, settings: Settings | None = None) -> int:
    """Write down the days that changed, each instance and all together; returns how many say something new."""
    marked = connection.execute(render("gold/days_to_summarise/claim.sql", settings)).fetchall()
    days = {"days": list({day for (day,) in marked})}
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            render("gold/daily_summaries/read_days.sql", settings), days
        ).fetchall()
    written = 0
    for row in found:
        day = {name: row.pop(name) for name in ("day", "source", "instance")}
        text = summarise(day["day"].isoformat(), day["instance"], row)
        values = day | {
            "template_version": TEMPLATE_VERSION,
            "statistics": Jsonb(row),
            "input_hash": _hash(row),
            "text": text,
        }
        statement = render("gold/daily_summaries/write.sql", settings)
        written += connection.execute(statement, values).rowcount
    connection.execute(render("gold/daily_summaries/remove.sql", settings), days)
    connection.commit()
    return written


def summarise(day: str, instance: str, numbers: dict[str, Any]) -> str:
    """The day as a few sentences."""
    where = "everywhere" if instance == "*" else f"on {instance}"
    posts, accounts = numbers["posts"], numbers["accounts"]
    said = f"{_many(posts, 'post')} by {_many(accounts, 'account')}"
    sentences = [
        f"{day} {where}: {said}{_against(posts, numbers['posts_before'])}.",
        _listed("Talked about", [f"#{tag} ({posts})" for tag, posts in numbers["hashtags"]]),
        _listed(
            "Rising", [f"#{tag} ({before} to {now})" for tag, before, now in numbers["risers"]]
        ),
        _mood(numbers),
        _listed(
            "What mattered",
            [f"{acct} ({score}) {uri}" for acct, uri, score in numbers["best_posts"]],
        ),
    ]
    return " ".join(filter(None, sentences))


def _mood(numbers: dict[str, Any]) -> str:
    scored = numbers["scored"]
    if not scored:
        return ""
    mood = numbers["mood_micros"] / MILLION / scored
    change = ""
    if numbers["scored_before"]:
        change = f" ({mood - numbers['mood_micros_before'] / MILLION / numbers['scored_before']:+.2f})"
    shares = ", ".join(
        f"{numbers[label] / scored:.0%} {label}"
        for label in ("positive", "neutral", "negative")
    )
    return f"Mood {mood:+.2f}{change}: {shares}."


def _against(now: int, before: int | None) -> str:
    if not before:
        return ""
    change = now / before - 1
    if abs(change) < HALF_A_PERCENT:
        return ", as many as the day before"
    return f", {abs(change):.0%} {'more' if change > 0 else 'fewer'} than the day before"


def _listed(what: str, items: list[str]) -> str:
    return f"{what}: {', '.join(items)}." if items else ""


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _hash(numbers: dict[str, Any]) -> bytes:
    canonical = json.dumps([TEMPLATE_VERSION, numbers], sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).digest()
