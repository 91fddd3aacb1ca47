"""Extract, from a real server on loopback to a real PostgreSQL."""

import json
import random
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from werkzeug import Response

from chorus.domain.errors import (
    ConfigurationError,
    SourceChanged,
    SourceEndless,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from chorus.domain.events import RawEvent
from chorus.domain.window import Window
from chorus.pipelines.extract import extract, keep, list_targets
from chorus.sources import http, mastodon_guard
from chorus.sources.mastodon_events import events_of
from chorus.sources.page import Page

HASHTAG = "/api/v1/timelines/tag/python"
RUN = "bronze_mastodon/manual__1"


@pytest.fixture
def target(httpserver):
    return {
        "source": "mastodon",
        "instance": "somewhere.example",
        "base_url": httpserver.url_for("").rstrip("/"),
        "timeline": "hashtag",
        "name": "python",
    }


def serve_walk(httpserver, folder):
    httpserver.expect_request("/api/v2/instance").respond_with_json(
        {"version": "elsewhere 1.0"}
    )
    for file in sorted(folder.glob("*.json")):
        page = json.loads(file.read_text())
        path, _, query = page["uri"].partition("/api/")[2].partition("?")
        headers = {k: v for k, v in page["headers"].items() if k.lower() == "link"}
        httpserver.expect_request(f"/api/{path}", query_string=query).respond_with_data(
            page["body"] if isinstance(page["body"], str) else json.dumps(page["body"]),
            headers=headers,
            content_type="application/json",
        )


def posts(connection):
    return connection.execute(
        "select count(distinct post_id), count(*) from bronze.raw_events where event_type = 'status'"
    ).fetchone()


EVER = Window(datetime(2005, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("walk", "expected"), [("takahe_pages", 98), ("gts_pages", 66)])
def test_a_recorded_walk_gives_every_post_once(
    warehouse, warehouse_settings, httpserver, target, corpora, walk, expected
):
    serve_walk(httpserver, corpora / "mastodon" / walk)
    settings = warehouse_settings.model_copy(update={"toots_limit_per_page": 20})

    counts = extract(warehouse, settings, target, EVER, RUN)

    assert posts(warehouse) == (expected, expected)
    assert counts["rejected"] == 0


def test_what_was_read_before_a_server_fails_is_kept(
    warehouse, warehouse_settings, httpserver, target, corpora
):
    page = json.loads((corpora / "mastodon" / "takahe_pages" / "00.json").read_text())
    httpserver.expect_ordered_request("/api/v2/instance").respond_with_json(
        {"version": "0.11", "source_url": "https://jointakahe.org/takahe"}
    )
    httpserver.expect_ordered_request(HASHTAG).respond_with_json(
        page["body"], headers={"Link": page["headers"]["link"]}
    )
    httpserver.expect_ordered_request(HASHTAG).respond_with_data(
        status=429, headers={"Retry-After": "900"}
    )

    with pytest.raises(SourceUnavailable) as caught:
        extract(warehouse, warehouse_settings, target, EVER, RUN)

    assert caught.value.retry_after == timedelta(seconds=900)
    assert posts(warehouse) == (20, 20)
    step = warehouse.execute(
        "select state, error_class, counts ->> 'events_new' from bronze.pipeline_steps"
    ).fetchone()
    assert step[:2] == ("failed", "SourcePaused")


def drip():
    for _ in range(200):
        yield b" "
        time.sleep(0.05)


def flood():
    for _ in range(200):
        yield b" " * 1_000_000


# What a server does on its second page, and what that is called.
SECOND_PAGES = {
    "no JSON": (lambda: Response("<html>maintenance</html>"), SourceChanged),
    "a truncated body": (
        lambda: Response(iter(['[{"id":']), headers={"Content-Length": "5000"}),
        SourceUnavailable,
    ),
    "a login page": (
        lambda: Response(status=302, headers={"Location": "/auth/sign_in"}),
        SourceRefused,
    ),
    "200 MB": (lambda: Response(flood()), SourceChanged),
    "a drip": (lambda: Response(drip()), SourceUnavailable),
    "an endless chain": (lambda: page("7", uuid4()), SourceChanged),
    "an endless chain of new posts": (lambda: page(uuid4(), uuid4()), SourceEndless),
    "a chain in circles": (lambda: page(uuid4(), "7"), SourceChanged),
}


def page(post_id, max_id):
    status = {"id": str(post_id), "created_at": "2026-11-19T00:00:00Z", "content": "kept"}
    link = {"Link": f'<http://h/x?max_id={max_id}>; rel="next"'}
    return Response(json.dumps([status]), headers=link)


@pytest.mark.parametrize("case", SECOND_PAGES)
def test_what_goes_wrong_has_a_name_and_costs_nothing_of_what_was_read(
    warehouse, warehouse_settings, httpserver, target, monkeypatch, case
):
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    monkeypatch.setattr(mastodon_guard, "MOST_PAGES", 50)
    answer, error = SECOND_PAGES[case]
    httpserver.expect_request("/api/v2/instance").respond_with_json({})
    httpserver.expect_request(HASHTAG).respond_with_handler(
        lambda request: answer() if "max_id" in request.args else page("7", "7")
    )
    settings = warehouse_settings.model_copy(update={"api_timeout": 1.5})
    started = time.monotonic()

    with pytest.raises(SourceError) as caught:
        extract(warehouse, settings, target, EVER, RUN)

    assert isinstance(caught.value, error)
    assert time.monotonic() - started < 30
    kept = "select payload ->> 'content' from bronze.raw_events where post_id = '7' and event_type = 'status'"
    assert warehouse.execute(kept).fetchall() == [("kept",)]


def statuses(corpora):
    with (corpora / "mastodon" / "statuses.jsonl").open() as lines:
        return [json.loads(line)["status"] for line in lines]


def everything(connection):
    return connection.execute(
        "select id, occurred_at, observed_at, processed, payload, pipeline_run_id"
        " from bronze.raw_events where event_type <> 'account' order by id"
    ).fetchall()


def test_every_recorded_status_is_an_event_or_a_letter_and_again_changes_nothing(
    warehouse, warehouse_settings, corpora
):
    recorded = statuses(corpora)
    seen = datetime(2026, 11, 20, tzinfo=UTC)

    def load(order, moment, run):
        looks = [look for one in order for look in events_of(one, "here.example", moment)]
        for start in range(0, len(looks), 100):
            keep(warehouse, warehouse_settings, Page.of(looks[start : start + 100]), run)

    load(recorded, seen, "first")
    before = everything(warehouse)
    letters = warehouse.execute("select count(*) from bronze.dead_letters").fetchone()
    named = {look.id for one in recorded for look in events_of(one, "here.example", seen)}
    kept = {row[0] for row in before}
    assert {
        look.id for one in recorded for look in [next(events_of(one, "here.example", seen))]
    } <= kept
    assert kept <= named
    assert letters == (0,)

    load(random.Random(7).sample(recorded, len(recorded)), seen, "second")
    assert everything(warehouse) == before


def test_a_flaw_only_postgresql_sees_costs_its_own_row(warehouse, warehouse_settings):
    seen = datetime(2026, 11, 20, tzinfo=UTC)
    good = [{"id": str(n), "created_at": "2026-11-19T00:00:00Z"} for n in range(9)]
    looks = [look for one in good for look in events_of(one, "h", seen)]
    odd = {**dict(looks[0]), "post_id": "odd", "payload": {"content": "a\x00b"}}
    unchecked = RawEvent.model_construct(**odd)
    looks.insert(5, unchecked)

    counts = keep(warehouse, warehouse_settings, Page.of(looks), RUN)

    assert counts == {
        "events_extracted": 10,
        "events_new": 9,
        "events_seen_again": 0,
        "rejected": 1,
    }
    assert posts(warehouse) == (9, 9)
    letter = warehouse.execute(
        "select stage, post_id, error_class, pipeline_run_id, payload_raw is null"
        " from bronze.dead_letters"
    ).fetchall()
    assert letter == [("extract", "odd", "UntranslatableCharacter", RUN, False)]


def test_a_letter_that_comes_again_is_one_more_try(warehouse, warehouse_settings):
    seen = datetime(2026, 11, 20, tzinfo=UTC)
    flawed = [None, {"id": "1", "created_at": "never"}, {"id": "2\x00", "content": "\ud800"}]
    page = Page.of([look for one in flawed for look in events_of(one, "h", seen)])
    keep(warehouse, warehouse_settings, page, "first")
    keep(warehouse, warehouse_settings, page, "second")

    letters = warehouse.execute(
        "select tries, pipeline_run_id, post_id, payload is null and payload_raw is null"
        " from bronze.dead_letters order by id"
    ).fetchall()
    assert letters == [
        (2, "second", None, False),
        (2, "second", "1", False),
        (2, "second", None, False),
    ]


def test_an_instance_is_asked_once_a_day_what_it_runs_and_what_it_said_holds_while_it_talks_rubbish(
    warehouse, warehouse_settings, httpserver, target
):
    mastodon = '{"version": "%s", "source_url": "https://github.com/mastodon/mastodon"}'
    rubbish = "<p>maintenance"
    said = [rubbish, mastodon % "4.2.13", mastodon % "4.5.2", rubbish, "{}", rubbish]
    answers = iter(said)
    httpserver.expect_request("/api/v2/instance").respond_with_handler(
        lambda _: Response(next(answers))
    )
    timeline = httpserver.expect_request(HASHTAG)
    asked_by_id = []
    timeline.respond_with_handler(lambda asked: _empty(asked, asked_by_id))

    def runs(later):
        warehouse.execute(
            "update ops.source_state set software_seen_at = software_seen_at - %s", [later]
        )
        warehouse.commit()
        extract(warehouse, warehouse_settings, target, EVER, RUN)
        row = warehouse.execute("select software, breaker from ops.source_state").fetchone()
        warehouse.commit()
        return row

    hour, day = timedelta(hours=1), timedelta(days=1)
    seen = [runs(later) for later in (hour, hour, hour, day, day, day, 7 * day)]
    softwares = [None, *["mastodon 4.2.13"] * 2, *["mastodon 4.5.2"] * 4]
    assert seen == [(software, "closed") for software in softwares]
    # Who said nothing from the beginning, or for a week, is read by its links.
    assert asked_by_id == [False, True, True, True, True, True, False]
    assert next(answers, None) is None


def _empty(asked, asked_by_id):
    """An empty page; a window of Mastodon's begins at an id, and ends beyond its edge."""
    if "min_id" not in asked.args:
        asked_by_id.append("max_id" in asked.args)
    return Response("[]")


class TestListingTargets:
    def settings(self, warehouse_settings, tmp_path, **more):
        file = tmp_path / "targets.yaml"
        file.write_text(
            "mastodon:\n"
            "  - {instance: a.example, hashtags: [python, airflow]}\n"
            "  - {instance: b.example, hashtags: [python], public: local}\n"
        )
        return warehouse_settings.model_copy(update={"targets_file": file, **more})

    def test_all_that_is_configured(self, warehouse_settings, tmp_path):
        listed = list_targets(self.settings(warehouse_settings, tmp_path))
        assert [(one["instance"], one["timeline"], one["name"]) for one in listed] == [
            ("a.example", "hashtag", "python"),
            ("a.example", "hashtag", "airflow"),
            ("b.example", "hashtag", "python"),
            ("b.example", "public", "local"),
        ]
        assert json.loads(json.dumps(listed)) == listed

    def test_params_choose_instances_and_name_other_hashtags(
        self, warehouse_settings, tmp_path
    ):
        settings = self.settings(warehouse_settings, tmp_path)
        chosen = list_targets(settings, "mastodon", ["b.example"], ["#rust", "rust"])
        assert [(one["instance"], one["name"]) for one in chosen] == [("b.example", "rust")]

    def test_an_instance_nobody_configured_is_a_sentence(self, warehouse_settings, tmp_path):
        settings = self.settings(warehouse_settings, tmp_path)
        with pytest.raises(ConfigurationError, match=r"c\.example is no instance we listen to"):
            list_targets(settings, "mastodon", ["c.example"])

    def test_one_instance_and_hashtag_replace_the_file(self, warehouse_settings, tmp_path):
        settings = self.settings(
            warehouse_settings,
            tmp_path,
            mastodon_base_url="https://m.example",
            hashtag="python",
        )
        [only] = list_targets(settings)
        assert (only["instance"], only["base_url"]) == ("m.example", "https://m.example")
