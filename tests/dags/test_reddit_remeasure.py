"""A second look at a subreddit through the real DAG: what became of a post by then is in silver."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from aiohttp import web

from tests.sources.made_up_reddit import comment, listing, submission
from tests.sources.reddit_replay import replay

pytestmark = [pytest.mark.slow]

SAID = "wellx0"
NAMES = [f"t3_{SAID}", *(f"t1_{SAID}c{number}" for number in range(3))]
WRITTEN = (datetime.now(UTC) - timedelta(hours=2)).timestamp()


class Subreddit:
    """A submission and three comments of two hours ago; `changes` is what became of each by its name."""

    def __init__(self):
        self.changes = {}

    def get(self, path):
        return {
            "/r/well/new": self.new,
            "/r/well/comments": self.comments,
            f"/comments/{SAID}": self.tree,
            "/api/info": self.info,
        }.get(path)

    def things(self):
        made = [submission(SAID), *(comment(SAID, number) for number in range(3))]
        written = {"created_utc": WRITTEN, "score": 7}
        return [
            one | {"data": one["data"] | written | self.changes.get(one["data"]["name"], {})}
            for one in made
        ]

    async def new(self, _):
        return web.json_response(listing(self.things()[:1]))

    async def comments(self, _):
        return web.json_response(listing(self.things()[1:]))

    async def tree(self, _):
        begun, *said = self.things()
        return web.json_response([listing([begun]), listing(said)])

    async def info(self, request):
        asked = request.query["id"].split(",")
        found = [one for one in self.things() if one["data"]["name"] in asked]
        return web.json_response(listing(found))


@pytest.fixture
def subreddit(airflow, tmp_path):
    made_up = Subreddit()
    with replay(answers=made_up) as (url, _):
        entry = {"subreddit": "well", "instance": "reddit.example", "base_url": url}
        file = tmp_path / "reddit.yaml"
        file.write_text(yaml.safe_dump({"reddit": [entry]}))
        airflow.setenv("TARGETS_FILE", str(file))
        yield made_up


@pytest.fixture
def silver(warehouse):
    """Likes, text, whether it is gone, and all it ever said, by name."""

    def look():
        rows = warehouse.execute(
            """
            select
                content.post_id, fact.favourites_count, content.content_text, fact.deleted_at is not null,
                array_agg(version.content_text order by version.version_seq)
            from dim_facts.dim_content as content
            inner join dim_facts.fact_toot_engagement as fact using (content_key)
            inner join dim_facts.post_versions as version using (content_key)
            group by 1, 2, 3, 4
            """
        ).fetchall()
        warehouse.commit()
        return {name: tuple(found) for name, *found in rows}

    return look


def test_other_scores_edits_and_removals_arrive_in_silver(run, subreddit, silver, owner):
    assert run("bronze_reddit", hours=3)[0] == "success"
    assert run("silver_star")[0] == "success"
    first = silver()
    assert first.keys() == set(NAMES)
    assert first["t1_wellx0c1"] == (7, "Comment 1", False, ["Comment 1"])

    for column in ("observed_at", "last_seen_at"):
        owner.execute(f"update bronze.raw_events set {column} = {column} - interval '2 hours'")
    subreddit.changes = {
        "t3_wellx0": {"score": -4},
        "t1_wellx0c0": {"body": "Mended", "edited": WRITTEN + 60},
        "t1_wellx0c1": {"body": "[removed]", "author": "[deleted]"},
    }
    state, tasks = run("bronze_reddit_remeasure")
    assert (state, tasks["look_again"], tasks["load"]) == ("success", ["success"], ["success"])
    assert run("silver_star")[0] == "success"
    assert silver() == {
        "t3_wellx0": (-4, "Title wellx0", False, ["Title wellx0"]),
        "t1_wellx0c0": (7, "Mended", False, ["Comment 0", "Mended"]),
        "t1_wellx0c1": (7, "Comment 1", True, ["Comment 1"]),
        "t1_wellx0c2": first["t1_wellx0c2"],
    }
