"""Walking timelines of servers that are not Mastodon, or not well."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug import Request, Response

from chorus.domain.errors import SourceChanged, SourceGone, SourceRefused
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources.mastodon import Mastodon

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
WINDOW = Window(SINCE, SINCE + timedelta(hours=1))
TAG = "/api/v1/timelines/tag/python"


def status(name, minute=0, **more):
    moment = (SINCE + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    return {"id": name, "created_at": moment, "account": {"id": "7", "acct": "ana"}, **more}


def next_link(**cursor):
    query = "&".join(f"{key}={value}" for key, value in cursor.items())
    return {"Link": f'<https://proxy.example/else?{query}>; rel="next"'}


@pytest.fixture
def read(client):
    def posts(timeline="hashtag", name="python", software="elsewhere 1.0", limit=40):
        target = Target(
            instance="here.example",
            base_url="http://here.example",
            timeline=timeline,
            name=name,
        )
        source = Mastodon(client, "here.example", software, limit)
        return [
            event.post_id
            for page in source.read(target, WINDOW)
            for event in page.events
            if event.event_type == "status"
        ]

    return posts


def test_both_edges_of_a_window_are_exact(read, httpserver):
    page = [status("d", 60), status("c", 59.999), status("b", 0), status("a", -0.001)]
    httpserver.expect_request(TAG).respond_with_json(page)
    assert read() == ["c", "b"]


def test_links_are_followed_until_a_page_of_posts_in_a_row_lies_well_before_the_window(
    read, httpserver
):
    pages = [
        [status("g", 70), status("f", 30)],
        [status("e", -40), status("d", 20)],
        [status("c", -40), status("b", -50)],
        [status("a", -60), status("z", -70)],
    ]
    for number, page in enumerate(pages):
        query = {"limit": "3"} | ({"max_id": str(number)} if number else {})
        httpserver.expect_ordered_request(TAG, query_string=query).respond_with_json(
            page, headers=next_link(max_id=number + 1)
        )
    assert read(limit=3) == ["f", "d"]
    httpserver.check_assertions()
    assert len(httpserver.log) == 4


def test_a_post_that_two_pages_hold_is_read_once(read, httpserver):
    httpserver.expect_ordered_request(TAG).respond_with_json(
        [status("b", 2), status("a", 1)], headers=next_link(max_id=1)
    )
    httpserver.expect_ordered_request(TAG).respond_with_json([status("a", 1), status("z", 0)])
    assert read() == ["b", "a", "z"]


def test_a_cursor_that_comes_back_ends_the_walk_with_what_was_read(client, httpserver):
    httpserver.expect_request(TAG).respond_with_json(
        [status("a", 1)], headers=next_link(max_id=1)
    )
    target = Target(
        instance="h", base_url="http://h.example", timeline="hashtag", name="python"
    )
    pages = Mastodon(client, "h", "elsewhere").read(target, WINDOW)

    assert len(next(pages).events) == 2
    with pytest.raises(SourceChanged, match="goes in circles"):
        list(pages)


def test_where_a_server_links_to_nothing_the_next_page_lies_below_a_full_one(read, httpserver):
    pages = {"": ["f", "e"], "e": ["d", "c"], "c": ["b"]}
    for after, names in pages.items():
        query = {"limit": "2"} | ({"max_id": after} if after else {})
        httpserver.expect_ordered_request(TAG, query_string=query).respond_with_json(
            [status(name, 30) for name in names]
        )
    assert read(limit=2) == ["f", "e", "d", "c", "b"]
    assert len(httpserver.log) == 3


def test_a_server_that_links_to_nothing_and_gives_the_same_page_again_has_told_all(
    read, httpserver
):
    httpserver.expect_request(TAG).respond_with_json([status("b", 2), status("a", 1)])
    assert read(limit=2) == ["b", "a"]
    assert len(httpserver.log) == 2


def test_the_last_page_of_a_server_that_links_is_the_last_however_full_it_is(read, httpserver):
    page = [status("d", 4), status("c", 3)]
    httpserver.expect_ordered_request(TAG).respond_with_json(page, headers=next_link(max_id=1))
    httpserver.expect_ordered_request(TAG).respond_with_json([status("b", 2), status("a", 1)])
    assert read(limit=2) == ["d", "c", "b", "a"]


def endless(page):
    """A timeline whose every page links to another one."""
    asked = iter(range(10**9))

    def answer(_: Request) -> Response:
        number = next(asked)
        from json import dumps

        return Response(dumps(page(number)), headers=next_link(max_id=number))

    return answer


def test_a_chain_without_anything_new_ends(read, httpserver):
    httpserver.expect_request(TAG).respond_with_handler(endless(lambda _: [status("a", 1)]))
    with pytest.raises(SourceChanged, match="without a post that is new"):
        read()
    assert len(httpserver.log) < 6


def test_a_boost_is_an_event_and_so_is_what_it_boosts(client, httpserver):
    boosted = status("a", -500, account={"id": "8", "acct": "bo"})
    httpserver.expect_request(TAG).respond_with_json([status("b", 1, reblog=boosted)])
    target = Target(
        instance="h", base_url="http://h.example", timeline="hashtag", name="python"
    )
    [page] = Mastodon(client, "h", "elsewhere").read(target, WINDOW)

    assert [(event.event_type, event.post_id) for event in page.events] == [
        ("reblog", "b"),
        ("account", "7"),
        ("status", "a"),
        ("account", "8"),
    ]
    assert page.events[0].payload["reblog"] == boosted


def test_an_account_is_filed_under_the_week_it_was_seen_in(client, httpserver):
    httpserver.expect_request(TAG).respond_with_json([status("b", 1)])
    target = Target(
        instance="h", base_url="http://h.example", timeline="hashtag", name="python"
    )
    [page] = Mastodon(client, "h", "elsewhere").read(target, WINDOW)

    [account] = [event for event in page.events if event.event_type == "account"]
    assert account.occurred_at.weekday() == 0
    assert timedelta(0) <= account.observed_at - account.occurred_at < timedelta(days=7)


def test_what_makes_no_sense_is_a_letter_and_the_rest_goes_on(client, httpserver):
    httpserver.expect_request(TAG).respond_with_json(
        [
            None,
            "text",
            [],
            {},
            {"id": "x"},
            status(None, 1),
            status("a", 1),
            status("b", 2, id=17),
        ]
    )
    target = Target(
        instance="h", base_url="http://h.example", timeline="hashtag", name="python"
    )
    [page] = Mastodon(client, "h", "elsewhere").read(target, WINDOW)

    posts = [event.post_id for event in page.events if event.event_type == "status"]
    assert posts == ["a", "17"]
    assert [letter.payload for letter in page.rejected[:4]] == [None, "text", [], {}]
    assert len(page.rejected) == 6


@pytest.mark.parametrize("body", [{"error": "?"}, None, "x"])
def test_an_answer_that_is_no_list_is_a_changed_api(read, httpserver, body):
    httpserver.expect_request(TAG).respond_with_json(body)
    with pytest.raises(SourceChanged, match="no list of posts"):
        read()


def test_a_timeline_that_wants_a_token_says_what_to_do(read, httpserver):
    httpserver.expect_request(TAG).respond_with_data(status=401)
    with pytest.raises(SourceRefused, match="MASTODON_ACCESS_TOKEN"):
        read()


def test_an_account_is_found_by_its_name(read, httpserver):
    httpserver.expect_request(
        "/api/v1/accounts/lookup", query_string="acct=ana%40b.example"
    ).respond_with_json({"id": "7"})
    httpserver.expect_request("/api/v1/accounts/7/statuses").respond_with_json([status("a", 1)])
    assert read(timeline="account", name="ana@b.example") == ["a"]


def test_an_account_that_is_not_there_is_gone(read, httpserver):
    httpserver.expect_request("/api/v1/accounts/lookup").respond_with_json({}, status=404)
    with pytest.raises(SourceGone, match="check the target's name"):
        read(timeline="account", name="nobody")
