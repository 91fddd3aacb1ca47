"""Extract, from a real server on loopback to a real PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import SourceUnavailable
from chorus.domain.window import Window
from chorus.pipelines.extract import extract

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
    httpserver.expect_ordered_request("/api/v2/instance").respond_with_json({})
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
    assert step[:2] == ("failed", "SourceUnavailable")
