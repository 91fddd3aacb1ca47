"""Extract on the demo network: many targets at once, on both kinds of server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.warehouse.connection import connect

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = Window.back_from(NOON, timedelta(hours=1))
TAGS = ("python", "dataengineering", "opensource", "photography", "music")


@pytest.fixture(scope="module")
def network():
    with demo_network(clock=lambda: NOON, limits=False, world=World()) as running:
        yield running


def test_an_hour_of_many_targets_is_read_once_and_again_changes_nothing(
    warehouse, warehouse_settings, network
):
    addresses = {"mastodon.demo": network.mastodon_url, "ulid.demo": network.ulid_url}
    targets = [
        {
            "source": "mastodon",
            "instance": instance,
            "base_url": url,
            "timeline": "hashtag",
            "name": tag,
        }
        for instance, url in addresses.items()
        for tag in TAGS
    ]

    def read(target):
        with connect(warehouse_settings) as connection:
            return extract(connection, warehouse_settings, target, HOUR, "cli/test")

    def wave():
        with ThreadPoolExecutor(len(targets)) as tasks:
            return list(tasks.map(read, targets))

    def found():
        return warehouse.execute(
            "select instance, event_type, count(*), count(distinct post_id)"
            " from bronze.raw_events group by 1, 2 order by 1, 2"
        ).fetchall()

    first, stored = wave(), found()
    second = wave()

    assert {row[:2] for row in stored} == {
        (instance, kind) for instance in addresses for kind in ("account", "status")
    }
    assert all(count == posts for *_, kind, count, posts in stored if kind == "status")
    assert found() == stored
    assert sum(counts["events_new"] for counts in first) == sum(row[2] for row in stored)
    assert sum(counts["events_new"] for counts in second) == 0
    assert sum(counts["rejected"] for counts in first) == 0
