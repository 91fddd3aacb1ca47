"""Tells people what a wave brought: each window once, one message for waves that arrived together.

A claim in ops.notifications_sent is committed before a message is sent, and given back only when the message was
certainly not delivered. So a crash between the two may leave a message unsaid, and nothing is ever said twice.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Literal

from chorus.config import Settings
from chorus.domain.errors import ChannelSilent
from chorus.notify.anomaly import anomaly_message
from chorus.notify.extremes import extremes_message
from chorus.notify.message import Message
from chorus.notify.summary import summary_message
from chorus.pipelines.anomaly import find_anomaly
from chorus.pipelines.news import News, read_extremes, read_summary, sources_of, whole
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Kind = Literal["summary", "most_positive", "most_negative", "mood_anomaly"]
CHANNEL = "discord"

log = logging.getLogger(__name__)


def say_news(
    connection: Connection,
    settings: Settings,
    kind: Kind,
    news: Sequence[News],
    *,
    send: Callable[[Message], None],
    run_id: str,
    run_url: Callable[[str], str] = str,
) -> int:
    """Say what of `news` was not said yet; returns of how many windows that was."""
    unsaid = _claim(connection, settings, kind, news, run_id)
    if not unsaid:
        log.info("Nothing to say: the %s of each window was said before.", kind)
        return 0
    message = _message(connection, settings, kind, unsaid, run_url)
    connection.commit()
    if not message.embeds:
        log.info("There is nothing to say for the %s of %s.", kind, whole(unsaid))
        return 0
    try:
        send(message)
    except ChannelSilent as error:
        log.warning("%s It is not sent again, so that nothing is said twice.", error)
    except Exception:  # whatever it was, it was not said
        _release(connection, settings, kind, unsaid)
        raise
    log.info("Said the %s of %s.", kind, whole(unsaid))
    return len(unsaid)


def _message(
    connection: Connection,
    settings: Settings,
    kind: Kind,
    news: Sequence[News],
    run_url: Callable[[str], str],
) -> Message:
    if kind == "summary":
        runs = [item.run for item in news if item.run]
        url = run_url(runs[-1]) if runs else None
        return summary_message(read_summary(connection, settings, news, url))
    window = whole(news)
    if kind == "mood_anomaly":
        return anomaly_message(find_anomaly(connection, settings, window))
    sources = sources_of(news)
    posts = read_extremes(connection, settings, kind, window, sources)
    return extremes_message(kind, window, sources, posts)


def _claim(
    connection: Connection, settings: Settings, kind: Kind, news: Sequence[News], run_id: str
) -> list[News]:
    """The news that nobody has said; ours to say once this transaction is committed."""
    claimed = connection.execute(
        render("ops/notifications_sent/claim.sql", settings),
        {
            "channel": CHANNEL,
            "kind": kind,
            "subjects": [_subject(kind, item) for item in news],
            "pipeline_run_id": run_id,
        },
    )
    subjects = {row[0] for row in claimed}
    unsaid = [item for item in news if _subject(kind, item) in subjects]
    # Two runs may have read the same window: one of them speaks for it.
    return list({_subject(kind, item): item for item in unsaid}.values())


def _subject(kind: Kind, item: News) -> str:
    """An anomaly is one of all sources together, since what is usual is not known of each."""
    return str(item.window) if kind == "mood_anomaly" and item.source else item.subject


def _release(
    connection: Connection, settings: Settings, kind: Kind, news: Sequence[News]
) -> None:
    subjects = [_subject(kind, item) for item in news]
    connection.execute(
        render("ops/notifications_sent/release.sql", settings),
        {"channel": CHANNEL, "kind": kind, "subjects": subjects},
    )
    connection.commit()
