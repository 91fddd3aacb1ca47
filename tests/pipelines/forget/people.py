"""Accounts and what they say, as servers give them, and a warehouse that takes them in."""

from datetime import timedelta

from chorus.pipelines.extract import keep
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending
from chorus.sources.mastodon_events import events_of
from chorus.sources.page import Page
from chorus.warehouse.connection import connect
from tests.pipelines.forget.conftest import START

HOME = "home.example"
AWAY = "away.example"


def account(number, acct, **more):
    user, _, host = acct.partition("@")
    url = f"https://{host or HOME}/@{user}"
    return {"id": number, "username": user, "acct": acct, "url": url} | more


def status(number, author, content="<p>It is lovely</p>", mentions=(), **more):
    return {
        "id": number,
        "content": content,
        "uri": f"https://{HOME}/posts/{number}",
        "created_at": START.isoformat(),
        "visibility": "public",
        "mentions": list(mentions),
        "account": author,
    } | more


def take_in(settings, *statuses, instance=HOME):
    """Keep what was read, and carry it to silver."""
    with connect(settings) as connection:
        for one in statuses:
            page = Page.of(events_of(one, instance, START + timedelta(hours=1)))
            keep(connection, settings, page, "run")
        transform_pending(connection, settings, "run", [])
        connection.commit()
        load_silver(connection, settings, "run")


def column(settings, query):
    with connect(settings) as connection:
        return [value for (value,) in connection.execute(query).fetchall()]
