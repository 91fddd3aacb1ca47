"""A token is for the instance it was given for; no other gets to see it."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Response

from chorus.domain.errors import ConfigurationError, SourceRefused
from chorus.domain.window import Window
from chorus.pipelines.extract import configured_targets, extract, list_targets

HOUR = Window.back_from(datetime(2026, 11, 20, tzinfo=UTC), timedelta(hours=1))
WHAT = "hashtags: [python], public: local, accounts: [ana]"
NAMES = ("a.example", "b.example")


class Instance:
    """Answers to whoever shows its token, and remembers what it was shown."""

    def __init__(self, server, token):
        self.token, self.shown = token, set()
        self.url = server.url_for("").rstrip("/")
        server.expect_request("/api/v2/instance").respond_with_json({})
        server.expect_request("/api/v1/accounts/lookup").respond_with_json({"id": "7"})
        for path in ("timelines/tag/python", "timelines/public", "accounts/7/statuses"):
            server.expect_request(f"/api/v1/{path}").respond_with_handler(self.answer)

    def answer(self, request):
        self.shown.add(request.headers.get("Authorization"))
        knows_it = self.token is None or self.shown == {f"Bearer {self.token}"}
        return Response("[]", 200 if knows_it else 401)


@pytest.fixture
def instances():
    with ExitStack() as servers:
        yield [Instance(servers.enter_context(HTTPServer()), t) for t in ("one", None)]


@pytest.fixture
def listening(warehouse_settings, instances, tmp_path):
    file = tmp_path / "targets.yaml"
    entries = zip(NAMES, instances, strict=True)
    lines = [f"- {{instance: {name}, base_url: '{i.url}', {WHAT}}}" for name, i in entries]
    file.write_text("\n".join(["mastodon:", *lines]))

    def settings(token, **more):
        given = SecretStr(token) if token else None
        values = {"targets_file": file, "mastodon_access_token": given, **more}
        return warehouse_settings.model_copy(update=values)

    return settings


def test_every_timeline_of_an_instance_is_read_with_its_token(warehouse, listening, instances):
    settings = listening("a.example=one")
    for target in list_targets(settings):
        extract(warehouse, settings, target, HOUR, "run")
    assert [instance.shown for instance in instances] == [{"Bearer one"}, {None}]


def test_the_token_of_the_one_instance_goes_to_no_other(warehouse, listening, instances):
    every = list_targets(listening(None))
    settings = listening("one", mastodon_base_url=instances[0].url, hashtag="python")
    for target in every:
        extract(warehouse, settings, target, HOUR, "run")
    assert [instance.shown for instance in instances] == [{"Bearer one"}, {None}]


def test_without_its_token_it_says_what_to_set(warehouse, listening):
    [first, *_] = list_targets(listening(None))
    with pytest.raises(SourceRefused, match="MASTODON_ACCESS_TOKEN"):
        extract(warehouse, listening(None), first, HOUR, "run")


def test_a_token_of_an_instance_that_nobody_reads_is_a_sentence(listening):
    with pytest.raises(ConfigurationError, match=r"c\.example, which") as caught:
        configured_targets(listening("a.example=one,c.example=two"))
    assert "two" not in str(caught.value)
