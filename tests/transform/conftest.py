"""Raw events as extract leaves them, and what transform made of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.rows import dict_row

from chorus.domain.identity import event_id, payload_hash
from chorus.pipelines.transform import TransformCounts, transform_pending

SEEN = datetime(2026, 8, 2, 12, tzinfo=UTC)
MODEL = "toy@1#vader/fp32/1"


@pytest.fixture(name="status")
def _status_fixture():
    return status


def status(post_id: str = "1", **changes: Any) -> dict[str, Any]:
    """A status as mastodon.example would send it."""
    return {
        "id": post_id,
        "created_at": "2026-08-01T10:00:00.000Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://mastodon.example/users/ana/statuses/{post_id}",
        "url": f"https://mastodon.example/@ana/{post_id}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "edited_at": None,
        "content": "<p>Hello <b>world</b></p>",
        "reblog": None,
        "application": {"name": "Web"},
        "account": account(),
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": "Café", "url": "https://mastodon.example/tags/Café"}],
        "emojis": [],
        "card": None,
        "poll": None,
    } | changes


@pytest.fixture(name="account")
def _account_fixture():
    return account


def account(**changes: Any) -> dict[str, Any]:
    return {
        "id": "7",
        "username": "ana",
        "acct": "ana",
        "display_name": "Ana",
        "bot": False,
        "created_at": "2020-01-01T00:00:00.000Z",
        "url": "https://mastodon.example/@ana",
        "uri": "https://mastodon.example/users/ana",
        "followers_count": 10,
        "following_count": 20,
        "statuses_count": 30,
    } | changes


@pytest.fixture
def saw(warehouse) -> Callable[..., None]:
    """Store a payload as a raw event, seen from `observed_at` until `last_seen_at`."""

    def store(
        payload: Any,
        *,
        observed_at: datetime = SEEN,
        last_seen_at: datetime | None = None,
        event_type: str = "status",
        instance: str = "mastodon.example",
        source: str = "mastodon",
        post_id: str | None = None,
        occurred_at: datetime | None = None,
    ) -> None:
        post_id = post_id or payload["id"]
        occurred_at = occurred_at or datetime(2026, 8, 1, 10, tzinfo=UTC)
        hashed = payload_hash(event_type, payload)
        warehouse.execute(
            "select bronze.ensure_raw_events_weeks(array[%s::date])", [occurred_at]
        )
        warehouse.execute(
            """
            insert into bronze.raw_events as known (
                id, occurred_at, source, source_id, instance, event_type, post_id, payload, payload_hash,
                observed_at, last_seen_at, pipeline_run_id
            ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'extract')
            on conflict (id, occurred_at) do update
            set last_seen_at = excluded.last_seen_at, processed = false
            """,
            [
                event_id(source, instance, event_type, post_id, hashed),
                occurred_at,
                source,
                instance,
                instance,
                event_type,
                post_id,
                json.dumps(payload),
                hashed,
                observed_at,
                last_seen_at or observed_at,
            ],
        )
        warehouse.commit()

    return store


@pytest.fixture
def transform(warehouse, warehouse_settings) -> Callable[..., TransformCounts]:
    def run(run_id: str = "run", **how: Any) -> TransformCounts:
        return transform_pending(warehouse, warehouse_settings, run_id, [MODEL], **how)

    return run


@pytest.fixture
def rows(warehouse) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a bronze table, or of a whole statement."""

    def read(what: str) -> list[dict[str, Any]]:
        statement = what if " " in what else f"select * from bronze.{what}"
        with warehouse.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(statement).fetchall()
        warehouse.commit()
        return found

    return read


@pytest.fixture
def later() -> Callable[[float], datetime]:
    return lambda minutes: SEEN + timedelta(minutes=minutes)
