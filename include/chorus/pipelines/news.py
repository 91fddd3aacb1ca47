"""What there is to say: windows that are wholly in silver, and what happened in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from psycopg.rows import class_row, dict_row

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.notify.extremes import Extreme
from chorus.notify.wave import Hashtag, Mood, MoodyPost, Summary
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

OLD_AFTER = timedelta(hours=3)
WEEK = timedelta(days=7)
POSTS_SHOWN = 5
HASHTAGS_SHOWN = 5
STEPS = ("extract", "transform", "score", "load", "silver_star", "gold_views")
LABELS: dict[Extreme, str] = {"most_positive": "positive", "most_negative": "negative"}


@dataclass(frozen=True, slots=True)
class News:
    """One window worth a message, of one source or of all; `subject` is what it is remembered by once it was said."""

    subject: str
    window: Window
    run: str | None = None
    source: str | None = None

    @classmethod
    def from_keys(cls, keys: dict[str, Any]) -> Self:
        window = Window(
            datetime.fromisoformat(keys["since"]), datetime.fromisoformat(keys["until"])
        )
        return cls(keys["subject"], window, keys["run"], keys.get("source"))

    @property
    def keys(self) -> dict[str, Any]:
        """All that passes between tasks."""
        since, until = self.window.since.isoformat(), self.window.until.isoformat()
        return {
            "subject": self.subject,
            "since": since,
            "until": until,
            "run": self.run,
            "source": self.source,
        }


def list_news(connection: Connection, settings: Settings) -> list[News]:
    """Recent windows whose posts are all in silver, oldest first, said or not."""
    news = []
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            render("gold/alerts/read_fresh_runs.sql", settings), {"old_after": OLD_AFTER}
        )
        for run in cursor:
            window = Window(run["window_since"], run["window_until"])
            source = run["source"]
            news.append(News(f"{source} {window}", window, run["pipeline_run_id"], source))
    return news


def whole(news: Sequence[News]) -> Window:
    """From the start of the first window to the end of the last."""
    return Window(
        min(item.window.since for item in news), max(item.window.until for item in news)
    )


def sources_of(news: Sequence[News]) -> tuple[str, ...]:
    """Whose posts are news; none where all are. What one source said is no news because another was read as well."""
    named = sorted({item.source for item in news if item.source})
    return tuple(named) if all(item.source for item in news) else ()


def read_summary(
    connection: Connection, settings: Settings, news: Sequence[News], run_url: str | None
) -> Summary:
    window = whole(news)
    before = Window.back_from(window.since, window.until - window.since)
    last_week = Window(window.since - WEEK, window.until - WEEK)
    sources = sources_of(news)
    windows = [window, before, last_week]
    now, then, a_week_ago = read_moods(connection, settings, windows, sources)
    top, risers = _hashtags(connection, settings, window, before, sources)
    quality, seconds = _report(connection, settings, [item.run for item in news if item.run])
    return Summary(
        window=window,
        now=now,
        before=then,
        last_week=a_week_ago,
        hashtags=top,
        risers=risers,
        quality=quality,
        seconds=seconds,
        run_url=run_url,
        sources=sources,
    )


def read_extremes(
    connection: Connection,
    settings: Settings,
    extreme: Extreme,
    window: Window,
    sources: Sequence[str] = (),
) -> list[MoodyPost]:
    with connection.cursor(row_factory=class_row(MoodyPost)) as cursor:
        cursor.execute(
            render("gold/alerts/read_extremes.sql", settings),
            {
                "since": window.since,
                "until": window.until,
                "label": LABELS[extreme],
                "sources": list(sources) or None,
                "visibilities": list(settings.include_visibilities),
                "most": POSTS_SHOWN,
            },
        )
        return cursor.fetchall()


def read_moods(
    connection: Connection,
    settings: Settings,
    windows: list[Window],
    sources: Sequence[str] = (),
) -> list[Mood]:
    """One for each window, in their order."""
    with connection.cursor(row_factory=class_row(Mood)) as cursor:
        cursor.execute(
            render("gold/alerts/read_moods.sql", settings),
            {
                "since": [window.since for window in windows],
                "until": [window.until for window in windows],
                "sources": list(sources) or None,
                "visibilities": list(settings.include_visibilities),
            },
        )
        return cursor.fetchall()


def _hashtags(
    connection: Connection,
    settings: Settings,
    window: Window,
    before: Window,
    sources: Sequence[str],
) -> tuple[tuple[Hashtag, ...], tuple[Hashtag, ...]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            render("gold/alerts/read_hashtags.sql", settings),
            {
                "before": before.since,
                "sources": list(sources) or None,
                "since": window.since,
                "until": window.until,
                "visibilities": list(settings.include_visibilities),
                "most": HASHTAGS_SHOWN,
            },
        )
        rows = cursor.fetchall()
    tags = {row["place"]: _hashtag(row) for row in rows if row["place"] <= HASHTAGS_SHOWN}
    # What nobody used before has not risen, it is new; and the first window of all is all new.
    risers = {
        row["rise"]: _hashtag(row)
        for row in rows
        if row["rise"] <= HASHTAGS_SHOWN and 0 < row["posts_before"] < row["posts"]
    }
    return tuple(tags[key] for key in sorted(tags)), tuple(
        risers[key] for key in sorted(risers)
    )


def _hashtag(row: dict[str, Any]) -> Hashtag:
    return Hashtag(row["shown"], row["posts"], row["posts_before"])


def _report(
    connection: Connection, settings: Settings, runs: list[str]
) -> tuple[float | None, tuple[tuple[str, float], ...]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(render("gold/alerts/read_run_report.sql", settings), {"runs": runs})
        [report] = cursor.fetchall()
    seconds: dict[str, float] = report["seconds"] or {}
    in_order = sorted(seconds, key=lambda step: STEPS.index(step) if step in STEPS else -1)
    return report["quality"], tuple((step, seconds[step]) for step in in_order)
