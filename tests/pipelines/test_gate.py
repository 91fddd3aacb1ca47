"""Ten tasks at one instance, each with its own connection, as Airflow runs them."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from werkzeug import Response

from chorus.domain.errors import SourceUnavailable
from chorus.pipelines.gate import SharedGate
from chorus.sources import http
from chorus.sources.http import Http
from chorus.warehouse.connection import connect

PATH = "/api/v1/timelines/public"


class LimitedServer:
    """So many requests in each window of so many seconds, said with every answer, and counted."""

    def __init__(self, limit, window):
        self.limit, self.window = limit, window
        self.lock = threading.Lock()
        self.answers, self.refusals, self.used, self.number = 0, 0, 0, -1

    def __call__(self, _):
        with self.lock:
            now = time.time()
            if int(now // self.window) != self.number:
                self.number, self.used = int(now // self.window), 0
            headers = {
                "X-RateLimit-Limit": str(self.limit),
                "X-RateLimit-Remaining": str(max(self.limit - self.used - 1, 0)),
                "X-RateLimit-Reset": _iso((self.number + 1) * self.window),
            }
            if self.used >= self.limit:
                self.refusals += 1
                return Response("{}", status=429, headers=headers)
            self.used += 1
            self.answers += 1
            return Response(json.dumps([]), headers=headers)


def _iso(second):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(second, UTC).isoformat(timespec="milliseconds")


# What one request more or less is of a short window says little, and a busy machine takes seconds of it.
@pytest.mark.parametrize(
    ("limit", "window", "share"),
    [(60, 6, 0.8), pytest.param(300, 60, 0.95, marks=pytest.mark.nightly)],
)
def test_ten_tasks_share_a_budget(warehouse_settings, httpserver, limit, window, share):
    server = LimitedServer(limit, window)
    httpserver.expect_request(PATH).respond_with_handler(server)
    # Two whole windows and a little, wherever in one of the server's it begins.
    until = time.monotonic() + window - time.time() % window + 2 * window

    def task(_):
        with (
            connect(warehouse_settings, autocommit=True) as shared,
            Http(httpserver.url_for(""), SharedGate(shared, "mastodon", "here")) as client,
        ):
            while time.monotonic() < until:
                client.get(PATH)

    with ThreadPoolExecutor(10) as tasks:
        list(tasks.map(task, range(10)))

    assert server.refusals <= 1
    assert server.answers >= share * 2 * limit


@pytest.fixture
def gate(warehouse_settings):
    with connect(warehouse_settings, autocommit=True) as shared:
        yield SharedGate(shared, "mastodon", "here.example")


def state(gate):
    return gate.connection.execute(
        "select breaker, failures_in_a_row, last_error from ops.source_state"
    ).fetchone()


def test_the_breaker_is_everybodys(gate, httpserver, warehouse_settings, monkeypatch):
    monkeypatch.setattr(http, "nap", lambda _: 0.0)
    httpserver.expect_request(PATH).respond_with_data(status=500)
    with Http(httpserver.url_for(""), gate) as client:
        for _ in range(2):
            with pytest.raises(SourceUnavailable):
                client.get(PATH)
    assert len(httpserver.log) == 5
    assert state(gate)[:2] == ("open", 5)

    with connect(warehouse_settings, autocommit=True) as other:
        with pytest.raises(SourceUnavailable, match="failed 5 times in a row") as caught:
            SharedGate(other, "mastodon", "here.example").wait_for_turn()
        SharedGate(other, "mastodon", "elsewhere.example").wait_for_turn()
    assert timedelta(minutes=9) < caught.value.retry_after <= timedelta(minutes=10)


def test_an_answer_closes_the_breaker(gate, httpserver):
    for _ in range(5):
        gate.failed(SourceUnavailable("It is down."))
    gate.connection.execute(
        "update ops.source_state set opened_at = opened_at - interval '10 minutes'"
    )
    httpserver.expect_request(PATH).respond_with_json([])
    with Http(httpserver.url_for(""), gate) as client:
        client.get(PATH)
    assert state(gate) == ("closed", 0, None)


def test_a_long_wait_is_everybodys_too(gate, httpserver):
    httpserver.expect_request(PATH).respond_with_data(
        status=429, headers={"Retry-After": "600"}
    )
    with Http(httpserver.url_for(""), gate) as client:
        for _ in range(2):
            with pytest.raises(SourceUnavailable) as caught:
                client.get(PATH)
            assert timedelta(minutes=9) < caught.value.retry_after <= timedelta(minutes=10)
    assert len(httpserver.log) == 1
    assert state(gate)[0] == "closed"
