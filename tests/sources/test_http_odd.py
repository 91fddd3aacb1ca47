"""What no server should say: an error with a name, and of every request the gate hears how it went."""

import pytest
import requests

from chorus.domain.errors import SourceChanged, SourceRefused, SourceUnavailable
from chorus.sources.http import Http
from chorus.sources.links import redirect_goal
from tests.sources.raw_server import pours, raw_server

PATH = "/api/v1/timelines/public"
TOO_FAR = "Mon, 01 Jan 2026 00:00:00 +99999999999999"

pytestmark = pytest.mark.usefixtures("_one_try")


def said(status="200 OK", body=b"[]", **headers):
    lines = {"Content-Length": len(body)}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def moved(goal):
    return said("302 Found", Location=goal)


def asked(gate, answer):
    """Ask a server that says these bytes, whatever it is asked."""
    with (
        raw_server(lambda visitor: visitor.sendall(answer)) as url,
        Http(url, gate, timeout=5, token="hush") as client,
    ):
        return client.get(PATH)


NAMED = {
    "a redirect to no address": (moved("http://[::1"), SourceRefused),
    "a redirect to no port": (moved("http://127.0.0.1:99999999/"), SourceRefused),
    "a redirect to no scheme of ours": (moved("javascript:alert(1)"), SourceRefused),
    "a redirect to nowhere": (said("302 Found"), SourceRefused),
    "nothing new": (said("304 Not Modified"), SourceRefused),
    "what is no gzip": (said(body=b"no", Content_Encoding="gzip"), SourceUnavailable),
    "packed too often": (said(Content_Encoding="gzip," * 20), SourceUnavailable),
    "two lengths": (said(Content_Length="1, 2"), SourceUnavailable),
    "a piece of less than nothing": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n[]\r\n",
        SourceUnavailable,
    ),
    "millions of values": (said(body=b"[" + b"[]," * 2_000_000 + b"[]]"), SourceChanged),
    "no HTTP at all": (b"SSH-2.0-OpenSSH\r\n", SourceUnavailable),
    "hurry": (said("429 Slowly", Retry_After=TOO_FAR), SourceUnavailable),
}


@pytest.mark.parametrize("case", NAMED)
def test_an_answer_that_is(gate, case):
    answer, error = NAMED[case]
    with pytest.raises(error) as caught:
        asked(gate, answer)
    assert type(caught.value) is error
    assert "hush" not in str(caught.value)
    assert len(gate.budgets) + len(gate.waits) + len(gate.failures) == gate.turns


@pytest.mark.parametrize(
    "link", ["http://[bad", "http://h/?max_id=%00", "http://h/?a=" + "x" * 9000]
)
def test_a_page_is_kept_whose_link_nobody_can_read(gate, link):
    answer = asked(gate, said(Link=f'<{link}>; rel="next"'))
    assert (answer.body, answer.next_page) == ([], {})


@pytest.mark.parametrize(
    "said_of_it", ['rel="next"', "rel=next", 'REL="Next"', 'rel="nofollow next"; title="older"']
)
def test_the_next_page_is_found_however_its_link_is_written(gate, said_of_it):
    links = f'<http://h/?min_id=9>; rel="prev", <http://h/?max_id=1>; {said_of_it}'
    assert asked(gate, said(LINK=links)).next_page == {"max_id": "1"}


@pytest.mark.parametrize("links", ["", '<<<;;;,,,>>> rel=next; "', '<http://h/>; rel="prev"'])
def test_what_names_no_next_page_is_the_end(gate, links):
    assert asked(gate, said(Link=links)).next_page is None


def test_a_clock_that_makes_no_sense_costs_nothing(gate):
    budget = {
        "X_RateLimit_Limit": 300,
        "X_RateLimit_Remaining": 9,
        "X_RateLimit_Reset": TOO_FAR,
    }
    assert asked(gate, said(Date=TOO_FAR, **budget)).body == []
    assert gate.budgets == [None]


def test_nothing_is_read_of_the_body_of_a_redirect(gate):
    sent = []
    head = said("302 Found", Location="http://h/", Content_Length=200_000_000)
    with (
        raw_server(pours(head, sent)) as url,
        Http(url, gate, timeout=20) as client,
        pytest.raises(SourceRefused, match="sends us on to"),
    ):
        client.get(PATH)
    assert len(sent) < 60


def redirected(goal, asked):
    response = requests.Response()
    response.url, response.headers["Location"] = asked, goal
    return redirect_goal(response, asked)


def test_a_redirect_may_lead_into_privacy_and_never_out_of_it():
    assert redirected("https://h.example/x", "http://h.example/y") == "https://h.example/x"
    for goal in ("http://h.example/x", "https://h.example:8443/x", "//elsewhere.example/x"):
        with pytest.raises(SourceRefused, match="sends us on to"):
            redirected(goal, "https://h.example/y")


def test_a_hashtag_that_is_called_login_is_no_login_page():
    tag = "/api/v1/timelines/tag/login"
    assert redirected(f"https://h.example{tag}", f"http://h.example{tag}").startswith("https:")
    with pytest.raises(SourceRefused):
        redirected("/auth/sign_in", f"https://h.example{tag}")
