"""Pages that no server should send, and what becomes of each post on them."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import SourceChanged
from chorus.domain.second_looks import Known
from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources.mastodon import Mastodon
from chorus.sources.mastodon_again import SecondLook
from chorus.sources.mastodon_events import MOST_POSTS

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
WINDOW = Window(SINCE, SINCE + timedelta(hours=1))
TAG = Target(
    instance="here.example", base_url="http://here.example", timeline="hashtag", name="python"
)
ANA = TAG.model_copy(update={"timeline": "account", "name": "ana"})
PATH = "/api/v1/timelines/tag/python"
PROXYS = '<https://proxy.example/else?max_id={}>; rel="next"'


@pytest.fixture
def pages(client):
    return lambda target=TAG: Mastodon(client, "here.example", "elsewhere 1.0").read(
        target, WINDOW
    )


def status(name, created="2026-11-20T09:30:00Z", **more):
    return {"id": name, "created_at": created, **more}


def names(read):
    return [event.post_id for page in read for event in page.events]


def test_posts_without_a_name_are_letters_each_for_itself(pages, httpserver):
    nameless = [
        status(name, content=n) for n, name in enumerate(["", "", None, None, [], True])
    ]
    httpserver.expect_request(PATH).respond_with_json([*nameless, nameless[0]])
    [page] = pages()
    assert [letter.payload for letter in page.rejected] == nameless


@pytest.mark.parametrize(
    ("created", "is_in"),
    [
        ("2026-11-20T09:30:00", True),
        ("2026-11-20T10:00:00", False),
        ("2026-11-20 09:30:00", True),
        ("2026-11-20T11:30:00+02:00", True),
        ("2026-11-20T09:30:00+02:00", False),
    ],
)
def test_a_moment_is_in_utc_where_it_names_no_zone(pages, httpserver, created, is_in):
    httpserver.expect_request(PATH).respond_with_json([status("a", created)])
    [page] = pages()
    assert [event.occurred_at for event in page.events] == [
        SINCE + timedelta(minutes=30)
    ] * is_in
    assert page.rejected == ()


def test_names_that_are_numbers_are_names(pages, client, httpserver):
    httpserver.expect_ordered_request("/api/v1/accounts/lookup").respond_with_json({"id": 7})
    path = "/api/v1/accounts/7/statuses"
    httpserver.expect_ordered_request(path).respond_with_json(
        [status(2, replies_count=0), status(1)], headers={"Link": PROXYS.format(1)}
    )
    httpserver.expect_ordered_request(path).respond_with_json([status(2, replies_count=1)])
    assert names(pages(ANA)) == ["2", "1"]


def test_a_page_that_means_to_fill_our_memory_is_not_taken_apart(pages, client, httpserver):
    for path in (PATH, "/api/v1/statuses"):
        httpserver.expect_request(path).respond_with_json(list(range(MOST_POSTS + 1)))
    with pytest.raises(SourceChanged, match="2,001 posts at once"):
        list(pages())
    again = SecondLook(client, "here.example", "mastodon 4.5.2")
    with pytest.raises(SourceChanged, match="2,001 posts at once"):
        list(again.read([Known(str(n), "here.example", SINCE) for n in range(2)]))


def test_a_link_that_leads_nowhere_ends_the_walk_and_its_page_is_kept(pages, httpserver):
    for link in (
        "http://[bad",
        "http://h/",
        "http://h/?max_id=%00",
        "http://h/?x=" + "9" * 9_000,
    ):
        httpserver.clear()
        httpserver.expect_request(PATH).respond_with_json(
            [status("a")], headers={"Link": f'<{link}>; rel="next"'}
        )
        walk = pages()
        assert names([next(walk)]) == ["a"]
        with pytest.raises(SourceChanged, match="goes in circles") as caught:
            next(walk)
        assert len(str(caught.value)) < 400
