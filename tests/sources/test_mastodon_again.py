"""Asking a Mastodon-compatible server for posts by their ids."""

import json
import re
from datetime import UTC, datetime

import pytest
from werkzeug import Response

from chorus.domain.errors import SourceChanged, SourceRefused
from chorus.domain.second_looks import Known
from chorus.sources.mastodon_again import BATCH, MOST_UNTOLD, SecondLook, what_ids_are_called

CREATED = datetime(2026, 11, 20, 9, tzinfo=UTC)
ONE = re.compile("/api/v1/statuses/.+")
NEW, OLD = "mastodon 4.5.2", "mastodon 4.2.13"


class Instance:
    """Some posts are there, some are gone, some are closed; what it was asked is kept."""

    def __init__(self, httpserver, there, ids="id[]"):
        self.ids = ids
        self.there, self.statuses, self.asked, self.hides = set(there), {}, [], False
        httpserver.expect_request("/api/v1/instance").respond_with_json({"version": "1.0"})
        httpserver.expect_request("/api/v1/statuses").respond_with_handler(self.batch)
        httpserver.expect_request(ONE).respond_with_handler(self.one)

    def status(self, post_id):
        return {"id": post_id, "created_at": CREATED.isoformat(), "content": "still here"}

    def batch(self, request):
        ids = request.args.getlist(self.ids)
        assert ids
        self.asked.append(ids)
        shown = set() if self.hides else self.there
        # Whatever the order of the question.
        return Response(json.dumps([self.status(i) for i in reversed(ids) if i in shown]))

    def one(self, request):
        post_id = request.path.rpartition("/")[2]
        self.asked.append(post_id)
        if post_id in self.there:
            return Response(json.dumps(self.status(post_id)))
        code = self.statuses.get(post_id, 404)
        return Response('{"error": "Record not found"}', status=code)


def posts(names):
    return [Known(name, "here.example", CREATED) for name in names]


def looked(client, software, names):
    second_look = SecondLook(client, "here.example", software)
    events = [event for page in second_look.read(posts(names)) for event in page.events]
    return {(event.event_type, event.post_id): event for event in events}, second_look.counts


NAMES = [str(number) for number in range(45)]


@pytest.mark.parametrize(("software", "requests"), [(NEW, 3 + 2), (OLD, 45), ("gotosocial 0.2", 45), ("pleroma 2.7.2", 3 + 2)])  # fmt: skip
def test_what_is_there_is_seen_again_and_what_is_gone_is_a_deletion(
    client, httpserver, software, requests
):
    server = Instance(httpserver, set(NAMES) - {"7", "40"}, what_ids_are_called(software))
    server.statuses["40"] = 410
    events, counts = looked(client, software, NAMES)

    assert {name for kind, name in events if kind == "status"} == set(NAMES) - {"7", "40"}
    deletions = {name: e for (kind, name), e in events.items() if kind == "deletion"}
    assert {name: e.payload["http_status"] for name, e in deletions.items()} == {"7": 404, "40": 410}  # fmt: skip
    assert {event.occurred_at for event in deletions.values()} == {CREATED}
    assert counts["gone"] == 2
    assert len(server.asked) == requests
    assert all(len(asked) <= BATCH for asked in server.asked if isinstance(asked, list))


def test_a_batch_that_hides_a_post_is_not_its_deletion(client, httpserver):
    server = Instance(httpserver, NAMES[:5])
    server.hides = True
    events, _ = looked(client, NEW, NAMES[:5])
    assert set(events) == {("status", name) for name in NAMES[:5]}


def test_a_domain_that_is_no_instance_any_more_deletes_nothing(client, httpserver):
    parked = Response("This domain is for sale", status=404)
    httpserver.expect_request(re.compile(".*")).respond_with_response(parked)
    for software in (NEW, OLD):
        with pytest.raises(SourceChanged, match="no instance any more"):
            looked(client, software, ["1"])


@pytest.mark.usefixtures("_no_naps")
def test_a_post_that_breaks_its_server_holds_nothing_back(client, httpserver):
    server = Instance(httpserver, set(NAMES) - {"2"})
    server.statuses["2"] = 500
    events, counts = looked(client, OLD, NAMES[:5])
    assert {name for _, name in events} == set(NAMES[:5]) - {"2"}
    assert counts["untold"] == 1


def test_one_closed_post_holds_nothing_back_and_a_closed_server_is_said(client, httpserver):
    server = Instance(httpserver, NAMES)
    server.there -= {"3"}
    server.statuses["3"] = 403
    events, counts = looked(client, OLD, NAMES[:6])
    assert {name for _, name in events} == set(NAMES[:6]) - {"3"}
    assert counts["untold"] == 1

    server.there.clear()
    server.statuses = dict.fromkeys(NAMES, 401)
    with pytest.raises(SourceRefused, match="token"):
        looked(client, OLD, NAMES)
    assert len(server.asked) == 6 + MOST_UNTOLD


@pytest.mark.parametrize(
    ("software", "called"),
    [(NEW, "id[]"), ("mastodon 4.3.0+glitch", "id[]"), ("mastodon 10.0.1", "id[]"), (OLD, None),
     ("mastodon 3.5.19", None), ("pleroma 2.7.2 (compatible; Pleroma 2.7.2)", "ids[]"), ("akkoma 3.13.2", "ids[]"),
     ("gotosocial 0.19.1", None), ("unknown", None)],
)  # fmt: skip
def test_each_server_that_answers_in_batches_is_asked_in_its_own_words(software, called):
    assert what_ids_are_called(software) == called
