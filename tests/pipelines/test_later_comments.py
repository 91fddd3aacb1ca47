"""What is said below a submission after it was read: the next window brings it, and the thread is whole in silver."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from aiohttp import web

from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.gate import SharedGate
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending
from chorus.warehouse.connection import connect
from tests.sources.made_up_reddit import comment, listing, submission
from tests.sources.reddit_replay import replay

BEGUN = datetime(2026, 3, 10, 6, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)
SAID = "wellx0"


def at(thing, hours, **more):
    created = (BEGUN + timedelta(hours=hours)).timestamp()
    return {**thing, "data": {**thing["data"], "created_utc": created, **more}}


class Growing:
    """One submission, whose comments come as the hours go by: each answers the one before it."""

    def __init__(self):
        self.now = 0

    def get(self, path):
        return {
            "/r/well/new": self.new,
            "/r/well/comments": self.comments,
            f"/comments/{SAID}": self.tree,
        }.get(path)

    def said(self):
        """Two in each hour."""
        return [
            at(
                comment(SAID, number),
                number / 2 + 0.25,
                parent_id=f"t1_{SAID}c{number - 1}" if number else f"t3_{SAID}",
            )
            for number in range(2 * self.now)
        ]

    def begun(self):
        return at(submission(SAID), 0, num_comments=2 * self.now)

    async def new(self, _):
        return web.json_response(listing([self.begun()]))

    async def comments(self, _):
        return web.json_response(listing(self.said()[::-1]))

    async def tree(self, _):
        return web.json_response([listing([self.begun()]), listing(self.said())])


@pytest.fixture
def growing():
    return Growing()


@pytest.fixture
def read(warehouse, warehouse_settings, growing, tmp_path):
    """A window as far as silver, of an entry that says nothing but what must be said; then how deep each comment is."""
    file = tmp_path / "targets.yaml"
    settings = warehouse_settings.model_copy(update={"targets_file": file})

    def reading(number):
        growing.now += 6
        window = Window(BEGUN + number * SIX_HOURS, BEGUN + (number + 1) * SIX_HOURS)
        with connect(settings, autocommit=True) as shared:
            SharedGate(shared, "reddit", "reddit.example").answered(None)
        with replay(answers=growing) as (url, _):
            entry = {"subreddit": "well", "instance": "reddit.example", "base_url": url}
            file.write_text(yaml.safe_dump({"reddit": [entry]}))
            [target] = list_targets(settings, "reddit")
            extract(warehouse, settings, target, window, f"run/{number}")
        transform_pending(warehouse, settings, "run", [])
        load_silver(warehouse, settings, "run")
        rows = warehouse.execute(
            "select post_id, depth from dim_facts.thread_replies"
            " inner join dim_facts.dim_content using (content_key)"
        ).fetchall()
        warehouse.commit()
        return dict(rows)

    return reading


def test_what_is_said_after_a_submission_was_read_comes_with_the_window_it_is_said_in(read):
    for windows in (1, 2, 3):
        assert read(windows - 1) == {
            f"t1_{SAID}c{number}": number + 1 for number in range(12 * windows)
        }
