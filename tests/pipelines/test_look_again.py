"""Looking again at the demo network, whose posts are liked, edited and deleted as time goes by."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import yaml

from chorus.demo.life.moments import milliseconds
from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.errors import SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.look_again import list_instances, look_again
from chorus.pipelines.wave import run_second_looks, run_wave
from chorus.warehouse import source_state
from chorus.warehouse.connection import connect

# What is read carries the moment of the answer, so the network lives now: its clock is put forward, and what was
# read before is dated back.
START = datetime.now(UTC)
HOURS_PASS = timedelta(hours=5)
LOOKER = Path(__file__).parent / "look_slowly.py"


class Clock:
    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def world():
    return World(posts_per_hour=250)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def network(world, clock):
    with demo_network(clock=clock, limits=False, world=world) as running:
        yield running


@pytest.fixture
def listening(warehouse_settings, network, tmp_path):
    """Settings that listen to a hashtag on both kinds of server, and to a subreddit."""
    tags = list(network.addresses.hashtags[:1])
    instances = [
        {"instance": name, "base_url": url, "hashtags": tags}
        for name, url in network.addresses.instances.items()
    ]
    reddit = {
        "subreddit": network.addresses.subreddits[0],
        "instance": "reddit.demo",
        "base_url": network.addresses.reddit_url,
        "comment_budget": None,
    }
    file = tmp_path / "targets.yaml"
    file.write_text(yaml.safe_dump({"mastodon": instances, "reddit": [reddit]}))
    return warehouse_settings.model_copy(
        update={"targets_file": file, "sentiment_backend": "vader"}
    )


@pytest.fixture
def read(warehouse, listening):
    """The last hours of a source, in bronze."""

    def reading(source, hours=3):
        for target in list_targets(listening, source):
            window = Window.back_from(START, timedelta(hours=hours))
            extract(warehouse, listening, target, window, "read")

    return reading


@pytest.fixture
def hours_pass(owner, clock):
    def passing(*, for_the_network=True):
        if for_the_network:
            clock.ahead += HOURS_PASS
        columns = ("observed_at", "last_seen_at")
        earlier = ", ".join(f"{name} = {name} - %(hours)s" for name in columns)
        owner.execute(f"update bronze.raw_events set {earlier}", {"hours": HOURS_PASS})

    return passing


@pytest.fixture
def delete(world):
    """Some posts are gone when the hours have passed; nobody sees it before."""

    def forget(instance, posts):
        timeline = world.timelines[instance]
        now = milliseconds(START)
        for post_id in posts:
            timeline.find(post_id, now).deleted = now + 1_000_000

    return forget


@pytest.fixture
def looks(warehouse):
    """Every post that was read, with the kinds of looks at it and when the last one was."""

    def look():
        rows = warehouse.execute(
            """
            select instance, post_id, array_agg(distinct event_type order by event_type), max(last_seen_at)
            from bronze.raw_events where event_type not in ('account', 'reblog') group by 1, 2
            """
        ).fetchall()
        warehouse.commit()
        return {(instance, post): (kinds, last) for instance, post, kinds, last in rows}

    return look


def test_counts_edits_and_deletions_become_observations(
    warehouse, listening, network, hours_pass, delete, read, looks
):
    read("mastodon")
    before = looks()
    assert list_instances(warehouse, listening, "mastodon", now=START) == []
    delete(
        "mastodon.demo", [post for instance, post in before if instance == "mastodon.demo"][:3]
    )
    delete("ulid.demo", [post for instance, post in before if instance == "ulid.demo"][:1])
    hours_pass()
    targets = list_instances(warehouse, listening, "mastodon")
    assert [target["instance"] for target in targets] == ["mastodon.demo", "ulid.demo"]

    counts = [look_again(warehouse, listening, t, "again") for t in targets]
    after = looks()
    assert sum(count["posts_due"] for count in counts) == len(before)
    assert after.keys() == before.keys()
    assert all(after[post][1] > before[post][1] for post in before)
    gone = {post for post, (kinds, _) in after.items() if "deletion" in kinds}
    there = {}
    for instance, post_id in after:
        url = f"{network.addresses.instances[instance]}/api/v1/statuses/{post_id}"
        there[instance, post_id] = requests_status(url) == 200
    assert gone == {post for post, is_there in there.items() if not is_there}
    assert len(gone) >= 4
    assert sum(count["gone"] for count in counts) == len(gone)
    assert sum(count["rejected"] for count in counts) == 0
    # Twenty at a time where the server has that, one at a time elsewhere.
    [mastodon, ulid] = counts
    assert mastodon["requests"] < mastodon["posts_due"] / 20 + mastodon["gone"] + 3
    assert ulid["requests"] >= ulid["posts_due"]

    again = look_again(warehouse, listening, targets[0], "again")
    assert (again["posts_due"], again.get("pages")) == (0, None)


def requests_status(url):
    return requests.get(url, timeout=20).status_code


def test_two_at_once_look_once(warehouse_settings, listening, hours_pass, read, looks):
    read("mastodon")
    hours_pass()
    [target] = list_targets(listening, "mastodon", instances=["mastodon.demo"])

    def look(_):
        with connect(warehouse_settings) as connection:
            return look_again(connection, listening, target, "again")

    with ThreadPoolExecutor(2) as both:
        counts = list(both.map(look, range(2)))
    ours = [post for post in looks() if post[0] == "mastodon.demo"]
    assert sum(count.get("posts_due", 0) for count in counts) == len(ours)


@pytest.mark.parametrize("pages", [0, 1])
def test_a_looker_that_is_killed_leaves_the_rest_due(
    warehouse, warehouse_settings, listening, hours_pass, read, looks, pages
):
    read("mastodon")
    hours_pass()
    [target] = list_targets(listening, "mastodon", instances=["mastodon.demo"])
    fields = ("database_host", "database_port", "database_name")
    how = {name: getattr(warehouse_settings, name) for name in fields}
    asked = [json.dumps(how | {"database_password": "loader"}), json.dumps(target)]
    looker = subprocess.Popen(
        [sys.executable, LOOKER, *asked, str(pages)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert looker.stdout.readline() == "here\n"
    finally:
        looker.send_signal(signal.SIGKILL)
        looker.communicate()
    before = looks()
    while not (counts := look_again(warehouse, listening, target, "retry")):
        pass  # the killed one's connection is about to end
    # What was seen since the hours passed; of a page's twenty, those that were gone are asked for once more.
    lately = datetime.now(UTC) - HOURS_PASS / 2
    seen = [
        last > lately for (place, _), (_, last) in before.items() if place == "mastodon.demo"
    ]
    assert counts["posts_due"] == seen.count(False)
    assert bool(pages) == any(seen)
    rows = warehouse.execute(
        "select count(*) = count(distinct (id, occurred_at)) from bronze.raw_events"
    )
    assert rows.fetchone() == (True,)
    assert look_again(warehouse, listening, target, "retry")["posts_due"] == 0


def test_half_of_a_budget_is_left_to_windows_and_the_rest_stays_due(
    warehouse, listening, hours_pass, read
):
    read("mastodon")
    hours_pass()
    [target] = list_targets(listening, "mastodon", instances=["ulid.demo"])
    with connect(listening, autocommit=True) as shared:
        spend(shared, "ulid.demo", remaining=160)
    counts = look_again(warehouse, listening, target, "again")
    assert 0 < counts["requests"] <= 11
    assert counts["posts_left_due"] > counts["posts_due"] - 11
    with pytest.raises(SourceUnavailable, match="for current windows"):
        look_again(warehouse, listening, target, "again", comes_back=True)


def test_who_has_looked_for_long_lets_others_in_and_the_rest_stays_due(
    warehouse, listening, hours_pass, read, monkeypatch
):
    read("mastodon", hours=1)
    hours_pass()
    [target] = list_targets(listening, "mastodon", instances=["ulid.demo"])
    with monkeypatch.context() as patch:
        # Nobody has time for more than a page.
        patch.setattr("chorus.domain.pace.AT_A_TIME", timedelta(0))
        with pytest.raises(SourceUnavailable, match="others have their turn") as caught:
            look_again(warehouse, listening, target, "again", comes_back=True)
        assert caught.value.retry_after == timedelta(0)
        last_try = look_again(warehouse, listening, target, "again")
    assert last_try["posts_left_due"] == last_try["posts_due"] - 1 > 0
    rest = look_again(warehouse, listening, target, "again")
    assert rest["pages"] == rest["posts_due"] == last_try["posts_left_due"]


def spend(shared, instance, remaining):
    def spent(pace, now):
        resets_at = now + timedelta(minutes=4)
        return replace(pace, limit=300, remaining=remaining, resets_at=resets_at), None

    source_state.change(shared, "mastodon", instance, spent)


def test_submissions_and_comments_are_asked_for_by_the_hundred(
    warehouse, listening, hours_pass, read, looks
):
    read("reddit", hours=6)
    before = looks()
    [target] = list_targets(listening, "reddit")
    hours_pass(for_the_network=False)
    unchanged = look_again(warehouse, listening, target, "at once")
    assert unchanged["posts_due"] == len(before)
    # The same as in the listings and trees, but for what was liked in the seconds between.
    assert unchanged["events_new"] < len(before) / 10
    assert unchanged["requests"] == -(-len(before) // 100)
    assert unchanged["untold"] == 0

    hours_pass()
    counts = look_again(warehouse, listening, target, "again")
    assert counts["events_new"] >= len(before) / 2
    assert counts["rejected"] == 0


def test_what_was_deleted_is_counted_nowhere_past_days_included(
    warehouse, listening, hours_pass, delete, looks
):
    window = Window.back_from(START, timedelta(hours=3))
    for source in ("mastodon", "reddit"):
        for name, counts in run_wave(warehouse, listening, source, window):
            assert "failed" not in counts, name
    before = counted(warehouse)
    delete(
        "mastodon.demo", [post for instance, post in looks() if instance == "mastodon.demo"][:3]
    )
    hours_pass()
    for source in ("mastodon", "reddit"):
        for name, counts in run_second_looks(warehouse, listening, source):
            assert "failed" not in counts, name
    after = counted(warehouse)
    assert before["gone"] == 0
    assert after["gone"] >= 3
    assert after["facts"] == before["facts"] - after["gone"]
    for key in ("facts", "engagement", "likes"):
        assert after[f"{key}_in_gold"] == after[key], key


def counted(warehouse):
    [row] = warehouse.execute(
        """
        with facts as (select * from dim_facts.fact_toot_engagement where deleted_at is null),
        gold as (select * from analytics.mv_daily_engagement_summary where instance <> '*')
        select
            (select count(*) from dim_facts.fact_toot_engagement where deleted_at is not null),
            (select count(*) from facts),
            (select sum(engagement_score) from facts),
            (select sum(favourites_count) from facts),
            (select sum(posts) from gold),
            (select sum(engagement) from gold),
            (select sum(favourites) from gold)
        """
    ).fetchall()
    warehouse.commit()
    names = ("gone", "facts", "engagement", "likes", "facts_in_gold", "engagement_in_gold", "likes_in_gold")  # fmt: skip
    return dict(zip(names, row, strict=True))
