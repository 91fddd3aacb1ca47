"""What a server fetches long after its hour was read is found when its day is read once more."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from math import ceil
from types import SimpleNamespace

import pytest
import yaml
from werkzeug import Response

from chorus.domain.errors import SourceRefused, SourceUnavailable
from chorus.domain.window import Window
from chorus.orchestration import bronze, runs
from chorus.orchestration import warehouse as opened
from chorus.pipelines import late as pipeline
from chorus.pipelines.extract import extract
from chorus.pipelines.late import SETTLED, list_late
from chorus.pipelines.missed import MISSED_BY, list_missed, make_up, missed_window
from chorus.pipelines.runs import close_run, open_run
from chorus.sources import http
from tests.sources.test_mastodon_windows import Post, Server

DAG = "bronze_mastodon"
MIDNIGHT = datetime(2026, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = Window(MIDNIGHT, MIDNIGHT + 24 * HOUR)
# Eight hours passed before an answer led the server to it.
FETCHED = Post(999, MIDNIGHT + 9.5 * HOUR, 8 * HOUR, is_remote=True, is_fetched=True)
MASTODON = {"version": "4.5.2", "source_url": "https://github.com/mastodon/mastodon"}
TAG = "/api/v1/timelines/tag/python"


@pytest.fixture
def somewhere(httpserver, monkeypatch):
    """A post every ten minutes; `now` is its clock and ours."""
    there = [Post(n, MIDNIGHT + n * HOUR / 6, timedelta(0), is_remote=True) for n in range(300)]
    server = Server([*there, FETCHED])
    monkeypatch.setattr(http, "datetime", SimpleNamespace(now=lambda _: server.now))

    def answer(request):
        said = server.get(request.path, request.args)
        link = (
            {"Link": f'<http://h/?max_id={said.body[-1]["id"]}>; rel="next"'}
            if said.body
            else {}
        )
        return Response(json.dumps(said.body), headers=link)

    httpserver.expect_request("/api/v2/instance").respond_with_json(MASTODON)
    httpserver.expect_request(TAG).respond_with_handler(answer)
    return server


@pytest.fixture
def target(httpserver):
    where = {"source": "mastodon", "instance": "somewhere.example"}
    return {
        **where,
        "base_url": httpserver.url_for(""),
        "timeline": "hashtag",
        "name": "python",
    }


@pytest.fixture
def ran(warehouse, warehouse_settings, owner, somewhere, target):
    """Each hour of the day, read when it was over or so much later."""

    def ran(*hours, after=timedelta(minutes=1), dag=DAG):
        for hour in hours:
            window = Window(MIDNIGHT + hour * HOUR, MIDNIGHT + (hour + 1) * HOUR)
            somewhere.now = window.until + after
            run = f"{dag}/scheduled__{hour}"
            open_run(warehouse, warehouse_settings, run, source="mastodon", window=window)
            extract(warehouse, warehouse_settings, target, window, run)
            close_run(warehouse, run)
            owner.execute(
                "update bronze.pipeline_runs set started_at = %s where pipeline_run_id = %s",
                [somewhere.now, run],
            )

    return ran


@pytest.fixture
def late(warehouse, warehouse_settings, target):
    def late(now=DAY.until + SETTLED, **other):
        found = list_late(warehouse, warehouse_settings, DAG, [{**target, **other}], now)
        warehouse.commit()
        return found

    return late


def test_a_run_of_a_schedule_reads_it_beside_its_own_and_one_that_is_asked_for_something_does_not(
    ran, warehouse, warehouse_settings, target, tmp_path, monkeypatch
):
    ran(0)
    file = tmp_path / "targets.yaml"
    listened = {"instance": target["instance"], "base_url": target["base_url"]}
    file.write_text(yaml.safe_dump({"mastodon": [{**listened, "hashtags": ["python"]}]}))
    settings = warehouse_settings.model_copy(update={"targets_file": file})
    monkeypatch.setattr(pipeline, "SETTLED", datetime.now(UTC) - DAY.until)
    monkeypatch.setattr(runs, "asked_for", lambda _: None)
    monkeypatch.setattr(runs, "this_run", lambda: f"{DAG}/scheduled__now")
    monkeypatch.setattr(runs, "this_window", lambda _: DAY)
    monkeypatch.setattr(opened, "open_warehouse", lambda _: nullcontext((warehouse, settings)))

    for is_as_usual, expected in ((True, [False, True]), (False, [False])):
        monkeypatch.setattr(runs, "is_as_usual", lambda usual=is_as_usual: usual)
        listed = bronze.list_targets.function("mastodon")
        assert [MISSED_BY in one for one in listed] == expected
        assert {one["name"] for one in listed} == {"python"}


def of_the_day(connection):
    rows = connection.execute(
        "select post_id from bronze.raw_events where occurred_at >= %s and occurred_at < %s",
        [DAY.since, DAY.until],
    ).fetchall()
    connection.commit()
    return {post_id for (post_id,) in rows}


def test_what_was_fetched_hours_after_its_hour_was_read_is_there_when_its_day_is_settled(
    ran, late, somewhere, warehouse, warehouse_settings
):
    ran(*range(24))
    everything = {str(post.id) for post in somewhere.posts if post.created in DAY}
    assert everything - of_the_day(warehouse) == {str(FETCHED.id)}

    somewhere.now = DAY.until + SETTLED
    assert late(now=somewhere.now - timedelta(minutes=1)) == []
    [again] = late()
    assert missed_window(again) == DAY
    counts = make_up(warehouse, warehouse_settings, again)

    assert of_the_day(warehouse) == everything
    assert counts["events_new"] == 1
    assert counts["requests"] <= ceil(len(everything) / 40) + 2
    assert late() == []
    run = "select state from bronze.pipeline_runs where pipeline_run_id = %s"
    assert warehouse.execute(run, [f"{DAG}/day__2026-11-09"]).fetchall() == [("success",)]


def test_one_that_fails_is_listed_once_until_it_is_done_or_a_person_must_act(
    ran, late, warehouse, warehouse_settings, target, owner, monkeypatch
):
    monkeypatch.setattr(http, "nap", lambda _: 0)
    ran(0)
    [again] = late()
    nobody = {**again, "base_url": "http://127.0.0.1:9"}
    with pytest.raises(SourceUnavailable):
        make_up(warehouse, warehouse_settings, nobody)
    close_run(warehouse, f"{DAG}/day__2026-11-09")

    assert late() == [again]
    # Listed again it is open again, and nobody else lists it as missed.
    assert list_missed(warehouse, warehouse_settings, DAG, [target]) == []
    owner.execute(
        "update bronze.pipeline_steps set error_class = %s where state = 'failed'",
        [SourceRefused.__name__],
    )
    assert late() == []


@pytest.mark.parametrize(
    "other",
    [
        {"timeline": "account", "name": "ana"},
        {"timeline": "public", "name": "federated"},
        {"name": "rust"},
    ],
    ids=["an account", "a public timeline", "what nobody read"],
)
def test_only_a_tag_that_was_read_is_read_again(ran, late, owner, other):
    ran(0)
    assert len(late()) == 1
    if "timeline" in other:
        name = f"somewhere.example {'@ana' if other['name'] == 'ana' else 'federated'}"
        owner.execute("update bronze.pipeline_steps set target = %s", [name])
    assert late(**other) == []


@pytest.mark.parametrize(
    "how", [{"after": 2 * HOUR}, {"dag": "bronze_elsewhere"}], ids=["late", "by others"]
)
def test_a_day_that_was_read_late_or_by_others_is_not_read_again(ran, late, how):
    ran(0, **how)
    assert late() == []


def test_a_subreddit_has_no_hours_to_read_again(warehouse, warehouse_settings):
    subreddit = {"source": "reddit", "instance": "reddit.demo", "name": "science"}
    assert list_late(warehouse, warehouse_settings, "bronze_reddit", [subreddit]) == []
