"""The hook against servers that answer as Discord does."""

import json
from datetime import timedelta

import pytest
from werkzeug import Response

from chorus.demo.life.world import World
from chorus.demo.network import demo_network
from chorus.domain.errors import (
    ChannelMissing,
    ChannelRefused,
    ChannelSilent,
    ChannelUnavailable,
)
from chorus.notify.message import Embed, Message

PATH = "/api/webhooks/1/secret-token"
MESSAGE = Message((Embed("one", "first"), Embed("two", "second")))


@pytest.fixture
def webhook(monkeypatch):
    """Points the Airflow connection somewhere."""

    def at(url):
        host, _, endpoint = url.partition("/webhooks/")
        extra = {"webhook_endpoint": f"webhooks/{endpoint}"}
        connection = {"conn_type": "discord", "host": f"{host}/", "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_CHORUS_DISCORD", json.dumps(connection))

    return at


def send(message=MESSAGE):
    from chorus.orchestration.hooks.discord import DiscordHook

    DiscordHook().send(message)


@pytest.fixture(scope="module")
def network():
    with demo_network(world=World(), limits=False) as running:
        yield running


def test_a_message_of_several_embeds_arrives_and_pings_nobody(network, webhook):
    webhook(network.addresses.discord_webhook_url)
    send()
    caught = network.caught.messages[0]["message"]
    assert [embed["title"] for embed in caught["embeds"]] == ["one", "two"]
    assert caught["allowed_mentions"] == {"parse": []}


def test_a_webhook_of_the_settings_does_where_there_is_no_connection(network, monkeypatch):
    from chorus.config import load_settings

    monkeypatch.setenv("DISCORD_WEBHOOK_URL", network.addresses.discord_webhook_url)
    load_settings.cache_clear()
    before = len(network.caught.messages)
    send()
    load_settings.cache_clear()
    assert len(network.caught.messages) == before + 1


def test_a_revoked_webhook_is_named_so(network, webhook):
    webhook(network.addresses.revoked_discord_webhook_url)
    with pytest.raises(ChannelMissing, match="revoked"):
        send()


def test_no_webhook_at_all_is_named_so():
    with pytest.raises(ChannelMissing, match="DISCORD_WEBHOOK_URL"):
        send()


def test_discords_own_wait_is_kept(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_json(
        {"message": "You are being rate limited.", "retry_after": 0.65, "global": False}, 429
    )
    with pytest.raises(ChannelUnavailable) as caught:
        send()
    assert caught.value.retry_after == timedelta(seconds=0.65)


def test_a_proxy_that_limits_without_json_is_understood(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    answer = Response("<html>slow down</html>", 429, {"Retry-After": "7"})
    httpserver.expect_request(PATH).respond_with_response(answer)
    with pytest.raises(ChannelUnavailable) as caught:
        send()
    assert caught.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("[1]", "soon"),
        ('{"retry_after": null}', ""),
        ('{"retry_after": NaN}', "nan"),
        ('{"retry_after": "in a while"}', "<html>"),
        ("{}", None),
        ('{"retry_after": ' + "9" * 5001 + "}", None),
        ("[" * 100_000, None),
    ],
)
def test_a_wait_that_is_no_number_is_one_of_ours(httpserver, webhook, body, header):
    webhook(httpserver.url_for(PATH))
    headers = {} if header is None else {"Retry-After": header}
    httpserver.expect_request(PATH).respond_with_data(body, 429, headers)
    with pytest.raises(ChannelUnavailable) as caught:
        send()
    assert caught.value.retry_after == timedelta(seconds=30)


def test_no_wait_is_longer_than_a_day(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_data('{"retry_after": 9e8}', 429)
    with pytest.raises(ChannelUnavailable) as caught:
        send()
    assert caught.value.retry_after == timedelta(days=1)


def test_a_server_error_is_tried_again_later(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_data("oops", 503)
    with pytest.raises(ChannelUnavailable, match="503"):
        send()


@pytest.mark.parametrize(
    ("status", "error"),
    [(304, ChannelRefused), (301, ChannelRefused), (999, ChannelUnavailable)],
)
def test_only_what_discord_says_it_took_was_said(httpserver, webhook, status, error):
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_data("", status)
    with pytest.raises(error, match=str(status)):
        send()


def test_a_webhook_that_is_gone_for_good_is_named_so(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_data("", 410)
    with pytest.raises(ChannelMissing, match="410"):
        send()


def test_a_message_discord_does_not_accept_is_a_fault_of_ours(network, webhook):
    webhook(network.addresses.discord_webhook_url)
    with pytest.raises(ChannelRefused, match="400"):
        send(Message())


def test_a_redirect_is_not_followed_with_the_token(httpserver, webhook):
    webhook(httpserver.url_for(PATH))
    moved = Response("", 302, {"Location": httpserver.url_for("/elsewhere")})
    httpserver.expect_request(PATH).respond_with_response(moved)
    with pytest.raises(ChannelRefused, match="302"):
        send()
    assert len(httpserver.log) == 1


def test_an_unreachable_discord_can_be_tried_again(webhook):
    webhook(f"http://127.0.0.1:9{PATH}")
    with pytest.raises(ChannelUnavailable) as caught:
        send()
    assert "secret-token" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_no_answer_means_that_nobody_knows(httpserver, webhook, monkeypatch):
    import time

    from chorus.orchestration.hooks import discord

    monkeypatch.setattr(discord, "TIMEOUT", 0.2)
    webhook(httpserver.url_for(PATH))
    httpserver.expect_request(PATH).respond_with_handler(lambda _: time.sleep(1))
    with pytest.raises(ChannelSilent, match="may have arrived"):
        send()
