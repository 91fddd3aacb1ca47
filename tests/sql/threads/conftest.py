"""Threads on their whole way: payloads, raw events, observations, silver."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from chorus.domain.events import RawEvent
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending
from chorus.sources import mastodon_events
from chorus.sources.reddit_events import events_of
from chorus.warehouse import raw_events

SEEN = datetime(2026, 8, 2, 12, tzinfo=UTC)
INSTANCE = "mastodon.example"
Things = Iterable[dict[str, Any]]


@pytest.fixture
def read(warehouse, warehouse_settings) -> Callable[..., None]:
    """Take in submissions, comments and statuses as one page that was read, and load them into silver."""

    def take(
        submissions: Things = (),
        comments: Things = (),
        seen: datetime = SEEN,
        statuses: Things = (),
    ) -> None:
        looks = [
            *(
                look
                for one in statuses
                for look in mastodon_events.events_of(one, INSTANCE, seen)
            ),
            *events_of("submission", submissions, "reddit.com", seen),
            *events_of("comment", comments, "reddit.com", seen),
        ]
        assert all(isinstance(look, RawEvent) for look in looks)
        raw_events.store(warehouse, looks, "run/1")
        warehouse.commit()
        transform_pending(warehouse, warehouse_settings, "run/1", [])
        load_silver(warehouse, warehouse_settings, "run/1")

    return take


@pytest.fixture
def places(warehouse) -> Callable[[], dict[str, tuple[str, int]]]:
    """Every reply's root and depth, by names that no load makes up."""

    def look() -> dict[str, tuple[str, int]]:
        rows = warehouse.execute(
            """
            select content.post_id, root.post_id, reply.depth
            from dim_facts.thread_replies as reply
            inner join dim_facts.dim_content as content using (content_key)
            inner join dim_facts.dim_content as root on root.content_key = reply.root_key
            """
        ).fetchall()
        warehouse.commit()
        return {post: (root, depth) for post, root, depth in rows}

    return look
