"""The HTTP client, against real servers that misbehave."""

import gzip
import time
from datetime import timedelta

import pytest

from chorus.domain.errors import SourceChanged, SourceGone, SourceRefused, SourceUnavailable
from chorus.sources import http
from chorus.sources.http import Http
from tests.sources.raw_server import pours, raw_server

PATH = "/api/v1/timelines/public"


def test_an_answer_is_its_json_and_the_cursor_of_its_next_page(client, httpserver, gate):
    httpserver.expect_request(PATH, query_string="limit=40").respond_with_json(
        [{"id": "1"}],
        headers={
            "Link": '<http://elsewhere.example/x?max_id=1&limit=40>; rel="next"',
            "X-RateLimit-Limit": "300",
            "X-RateLimit-Remaining": "299",
            "X-RateLimit-Reset": "60",
        },
    )
    answer = client.get(PATH, {"limit": "40"})

    assert answer.body == [{"id": "1"}]
    assert answer.next_page == {"max_id": "1", "limit": "40"}
    assert (gate.budgets[0].limit, gate.budgets[0].remaining) == (300, 299)


def test_one_connection_serves_all_requests_and_says_who_we_are(gate):
    packed = gzip.compress(b"[]")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    asked = []

    def talk(visitor):
        for _ in range(3):
            visitor.sendall(head.encode() + packed)
            asked.append(visitor.recv(65536).decode())

    with raw_server(talk) as url, Http(url, gate, timeout=5) as client:
        for _ in range(3):
            assert client.get(PATH).body == []
    assert http.USER_AGENT.startswith("chorus/")
    for request in asked[:2]:
        assert f"User-Agent: {http.USER_AGENT}\r\n" in request
        assert "Accept-Encoding: gzip\r\n" in request


@pytest.mark.usefixtures("_one_try")
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, SourceRefused),
        (403, SourceRefused),
        (422, SourceRefused),
        (400, SourceRefused),
        (404, SourceGone),
        (410, SourceGone),
        (429, SourceUnavailable),
        (408, SourceUnavailable),
        (500, SourceUnavailable),
        (503, SourceUnavailable),
    ],
)
def test_an_error_is_named_for_what_to_do(client, httpserver, status, error):
    httpserver.expect_request(PATH).respond_with_data("<h1>Oh no</h1>", status=status)
    with pytest.raises(error, match=str(status)) as caught:
        client.get(PATH)
    assert type(caught.value) is error


def test_a_refusal_says_what_to_set(client, httpserver):
    httpserver.expect_request(PATH).respond_with_data(status=401)
    with pytest.raises(SourceRefused, match="MASTODON_ACCESS_TOKEN"):
        client.get(PATH)


@pytest.mark.usefixtures("_no_naps")
def test_what_may_pass_is_tried_again_and_said(client, httpserver, gate, caplog):
    for status in (503, 502, 500):
        httpserver.expect_ordered_request(PATH).respond_with_data(status=status)
    httpserver.expect_ordered_request(PATH).respond_with_json([])

    assert client.get(PATH).body == []
    assert (len(gate.failures), len(gate.budgets)) == (3, 1)
    assert [f"answered {status}." in caplog.text for status in (503, 502, 500)] == [True] * 3


def test_a_short_wait_is_waited_and_a_long_one_is_handed_on(client, httpserver, gate):
    httpserver.expect_ordered_request(PATH).respond_with_data(
        status=429, headers={"Retry-After": "0"}
    )
    httpserver.expect_ordered_request(PATH).respond_with_json([])
    assert client.get(PATH).body == []

    httpserver.expect_ordered_request(PATH).respond_with_data(
        status=429, headers={"Retry-After": "90"}
    )
    with pytest.raises(SourceUnavailable) as caught:
        client.get(PATH)
    assert caught.value.retry_after == timedelta(seconds=90)
    assert gate.waits == [timedelta(0), timedelta(seconds=90)]
    assert gate.failures == []


@pytest.mark.usefixtures("_one_try")
class TestNothingHangsAndNothingFloods:
    def test_a_page_that_is_not_json(self, client, httpserver):
        httpserver.expect_request(PATH).respond_with_data("<html>maintenance</html>")
        with pytest.raises(SourceChanged, match="<html>maintenance"):
            client.get(PATH)

    @pytest.mark.parametrize("text", ["NaN", "[1", "[" * 100_000, "9" * 5000, "\xff"])
    def test_a_page_that_is_nearly_json(self, client, httpserver, text):
        httpserver.expect_request(PATH).respond_with_data(text.encode("latin-1"))
        with pytest.raises(SourceChanged, match="did not answer with JSON"):
            client.get(PATH)

    def test_a_body_that_ends_too_early(self, gate):
        def talk(visitor):
            visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{}")

        with (
            raw_server(talk) as url,
            Http(url, gate, timeout=2) as client,
            pytest.raises(SourceUnavailable, match="did not answer"),
        ):
            client.get(PATH)

    @pytest.mark.parametrize(
        "head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], ids=["head", "body"]
    )
    def test_a_server_that_drips(self, gate, head):
        def talk(visitor):
            visitor.sendall(head)
            for _ in range(100):
                visitor.sendall(b" ")
                time.sleep(0.05)

        started = time.monotonic()
        with (
            raw_server(talk) as url,
            Http(url, gate, timeout=0.5) as client,
            pytest.raises(SourceUnavailable, match=r"took longer than 0\.5 s"),
        ):
            client.get(PATH)
        assert time.monotonic() - started < 3

    def test_a_server_that_drips_while_it_shakes_hands(self, gate):
        def talk(visitor):
            visitor.sendall(b"\x16\x03\x03\x3f\x00")
            for _ in range(100):
                visitor.sendall(b"\x02")
                time.sleep(0.05)

        started = time.monotonic()
        with (
            raw_server(talk) as url,
            Http(url.replace("http:", "https:"), gate, timeout=0.5) as client,
            pytest.raises(SourceUnavailable, match=r"took longer than 0\.5 s"),
        ):
            client.get(PATH)
        assert time.monotonic() - started < 3

    def test_a_body_of_200_megabytes(self, gate):
        sent = []
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n"
        with (
            raw_server(pours(head, sent)) as url,
            Http(url, gate, timeout=20) as client,
            pytest.raises(SourceChanged, match="more than 32 MiB"),
        ):
            client.get(PATH)
        assert len(sent) < 60

    def test_a_small_body_that_unpacks_to_200_megabytes(self, client, httpserver):
        bomb = gzip.compress(b" " * 200_000_000, 1)
        httpserver.expect_request(PATH).respond_with_data(
            bomb, headers={"Content-Encoding": "gzip"}
        )
        with pytest.raises(SourceChanged, match="more than 32 MiB"):
            client.get(PATH)

    def test_nobody_there(self, gate):
        with (
            Http("http://127.0.0.1:1", gate, timeout=2) as client,
            pytest.raises(SourceUnavailable, match="did not answer"),
        ):
            client.get(PATH)
        assert len(gate.failures) == 1


@pytest.mark.parametrize(
    "goal", ["http://elsewhere.example/api", "/auth/sign_in", "https://localhost/login"]
)
def test_a_redirect_elsewhere_or_to_a_login_page_is_a_refusal(client, httpserver, goal):
    httpserver.expect_request(PATH).respond_with_data(status=302, headers={"Location": goal})
    with pytest.raises(SourceRefused, match="sends us on to"):
        client.get(PATH)


def test_a_redirect_on_the_same_host_is_followed(client, httpserver):
    httpserver.expect_request(PATH).respond_with_data(
        status=301, headers={"Location": "/elsewhere?x=1"}
    )
    httpserver.expect_request("/elsewhere", query_string="x=1").respond_with_json([1])
    assert client.get(PATH).body == [1]


def test_a_redirect_to_itself_ends(client, httpserver):
    httpserver.expect_request(PATH).respond_with_data(status=301, headers={"Location": PATH})
    with pytest.raises(SourceChanged, match="redirects in circles"):
        client.get(PATH)


def test_a_token_is_sent_and_never_shown(httpserver, gate):
    httpserver.expect_request(PATH, headers={"Authorization": "Bearer hush"}).respond_with_data(
        status=401
    )
    with (
        Http(httpserver.url_for(""), gate, token="hush") as client,
        pytest.raises(SourceRefused) as caught,
    ):
        client.get(PATH)
    assert "hush" not in str(caught.value)
