"""What an instance runs, by its own word; and servers whose word is worth nothing."""

from time import sleep

import pytest

from chorus.domain.errors import SourceUnavailable
from chorus.domain.pace import FAILURES_TO_OPEN
from chorus.sources.http import Http
from chorus.sources.mastodon_software import software_in, software_told, what_runs

V2, WELL_KNOWN = "/api/v2/instance", "/.well-known/nodeinfo"
MASTODON = {"version": "4.5.2", "source_url": "https://github.com/mastodon/mastodon"}


@pytest.mark.parametrize(
    ("said", "software"),
    [
        (
            {"version": "4.5.2", "source_url": "https://github.com/mastodon/mastodon"},
            "mastodon 4.5.2",
        ),
        (
            {"version": "4.3.0+glitch", "source_url": "https://github.com/glitch-soc/mastodon"},
            "mastodon 4.3.0+glitch",
        ),
        (
            {
                "version": "2.7.2 (compatible; Pleroma 2.6)",
                "source_url": "https://x/pleroma.git",
            },
            "pleroma 2.7.2 (compatible; Pleroma 2.6)",
        ),
        (
            {
                "version": "0.17.0+git-1",
                "source_url": "https://github.com/superseriousbusiness/gotosocial",
            },
            "gotosocial 0.17.0+git-1",
        ),
        (
            {"version": "takahe/0.11", "source_url": "https://jointakahe.org/"},
            "unknown takahe/0.11",
        ),
        (
            {"version": "1.6.0", "source_url": "https://github.com/mastodon/mastodon"},
            "unknown 1.6.0",
        ),
        ({"version": "4.5.2"}, "unknown 4.5.2"),
        ({}, "unknown"),
        ([], "unknown"),
    ],
)
def test_only_mastodon_itself_is_taken_for_mastodon(said, software):
    assert software_in(said) == software


@pytest.mark.parametrize(
    ("said", "software"),
    [
        ({"software": {"name": "mastodon", "version": "3.5.19"}}, "mastodon 3.5.19"),
        ({"software": {"name": "Pixelfed", "version": "0.12.4"}}, "pixelfed 0.12.4"),
        (
            {"software": {"name": "gotosocial", "version": "0.19.1 git-1"}},
            "gotosocial 0.19.1 git-1",
        ),
        ({"software": {"name": "mastodon", "version": "1.6.1"}}, "unknown"),
        ({"software": {"name": "mastodon", "version": "4.1 (compatible; Mangane)"}}, "unknown"),
        ({"software": {"name": 7}}, "unknown"),
        ({"software": "mastodon"}, "unknown"),
        ([], "unknown"),
    ],
)
def test_nodeinfo_tells_the_name_of_a_software(said, software):
    assert software_told(said) == software


def links(*hrefs):
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.{}"
    return {"links": [{"rel": rel.format(n), "href": href} for n, href in enumerate(hrefs)]}


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_nodeinfo_is_asked_where_the_endpoint_is_none(client, httpserver, status):
    httpserver.expect_ordered_request(V2).respond_with_data(status=status)
    httpserver.expect_ordered_request(WELL_KNOWN).respond_with_json(
        links("https://proxy.example/nodeinfo/2.0", "https://proxy.example/nodeinfo/2.1")
    )
    httpserver.expect_ordered_request("/nodeinfo/2.1").respond_with_json(
        {"software": {"name": "mastodon", "version": "3.5.3"}}
    )
    assert what_runs(client) == "mastodon 3.5.3"


@pytest.mark.parametrize(
    "known",
    [
        *(links(href) for href in ("http://[bad", "", 7, "mailto:me", "javascript:alert(1)")),
        {"links": "none"},
        {"links": [None, {"rel": "else"}]},
        [],
    ],
)
def test_an_instance_that_breaks_on_the_question_is_unknown_and_not_taken_for_broken(
    client, gate, httpserver, known
):
    httpserver.expect_request(V2).respond_with_data(status=500)
    httpserver.expect_request(WELL_KNOWN).respond_with_json(known)
    assert what_runs(client) == "unknown"
    assert gate.failures == []


@pytest.mark.usefixtures("_one_try")
def test_one_that_is_silent_on_the_question_alone_is_told_by_its_nodeinfo(gate, httpserver):
    httpserver.expect_request(V2).respond_with_handler(lambda _: sleep(1.2))
    httpserver.expect_request(WELL_KNOWN).respond_with_json(links("/nodeinfo/2.0"))
    httpserver.expect_request("/nodeinfo/2.0").respond_with_json({"software": {"name": "snac"}})
    with Http(httpserver.url_for(""), gate, timeout=1) as client:
        assert what_runs(client) == "snac"


@pytest.mark.usefixtures("_no_naps")
def test_one_that_does_not_answer_at_all_is_down(gate):
    with (
        Http("http://127.0.0.1:9", gate) as client,
        pytest.raises(SourceUnavailable, match="did not answer"),
    ):
        what_runs(client)
    assert len(gate.failures) < FAILURES_TO_OPEN


def test_a_server_that_asks_to_wait_is_not_taken_for_another(client, httpserver):
    slowly = {"Retry-After": "3600"}
    httpserver.expect_request(V2).respond_with_data(status=429, headers=slowly)
    with pytest.raises(SourceUnavailable, match="asks for 3600 s"):
        what_runs(client)


@pytest.mark.usefixtures("_no_naps")
def test_one_that_asks_to_wait_a_moment_is_asked_again(client, httpserver):
    httpserver.expect_ordered_request(V2).respond_with_data(
        status=429, headers={"Retry-After": "1"}
    )
    httpserver.expect_ordered_request(V2).respond_with_json(MASTODON)
    assert what_runs(client) == "mastodon 4.5.2"


@pytest.mark.parametrize(
    "said",
    [
        {"version": ["4.5.2"], "source_url": {"a": 1}},
        {"version": "4.5.2", "source_url": "http://[bad/mastodon"},
        {"version": "\ud800\x00 4.5.2", "source_url": "\x00"},
        {"version": "9" * 9_000 + ".1.1", "source_url": "https://x/mastodon"},
    ],
)
def test_whatever_it_says_of_itself_can_be_kept(said):
    software = software_in(said)
    assert software.isprintable()
    assert len(software) < 500
    assert software.encode()
