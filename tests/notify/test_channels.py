"""An alarm as each channel gets it: real servers, and other people's words that try to be more than words."""

import contextlib
import json
import socket
import threading

import pytest
from pydantic import SecretStr

from chorus.demo.network import demo_network
from chorus.domain.errors import (
    ChannelMissing,
    ChannelRefused,
    ChannelSilent,
    ChannelUnavailable,
)
from chorus.notify.alarm import Alarm, alarm_message
from chorus.notify.channels import JsonWebhook, Mail, configured_channels
from tests.conftest import settings_for_tests

ALARM = Alarm(
    kind="failure",
    about="bronze_mastodon",
    headline="bronze_mastodon failed: @everyone <!channel>\x00",
    facts=(("It says", "{{ 7*7 }} **x** <@123> \u202egnp"),),
    advice="Clear the task.",
    url="http://localhost:8080/dags/x",
    run_id="x/1",
)


@pytest.fixture
def webhook(httpserver):
    secret = httpserver.url_for("/hooks/a-secret-token")
    return JsonWebhook(settings_for_tests(alarm_webhook_url=secret))


@pytest.fixture
def network():
    with demo_network(limits=False) as running:
        yield running


def test_a_webhook_gets_json_in_which_nobody_is_mentioned(webhook, httpserver):
    httpserver.expect_request("/hooks/a-secret-token", method="POST").respond_with_data("ok")
    webhook.send(ALARM)
    [request] = [asked for asked, _ in httpserver.log if asked.path == "/hooks/a-secret-token"]
    sent = json.loads(request.data)
    assert (sent["kind"], sent["about"], sent["is_over"]) == (
        "failure",
        "bronze_mastodon",
        False,
    )
    assert "{{ 7*7 }}" in sent["facts"]["It says"]
    for mention in ("@everyone", "<!channel>", "<@123>", "\u202e", "\x00"):
        assert mention not in json.dumps(sent, ensure_ascii=False)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, ChannelMissing),
        (429, ChannelUnavailable),
        (503, ChannelUnavailable),
        (400, ChannelRefused),
        (302, ChannelRefused),
    ],
)
def test_what_a_webhook_answers_is_named_without_its_address(
    webhook, httpserver, status, error
):
    httpserver.expect_request("/hooks/a-secret-token").respond_with_data("no", status=status)
    with pytest.raises(error) as said:
        webhook.send(ALARM)
    assert "a-secret-token" not in str(said.value)


def test_a_webhook_that_is_down_is_named_without_its_address():
    webhook = JsonWebhook(settings_for_tests(alarm_webhook_url="http://127.0.0.1:9/a-secret"))
    with pytest.raises(ChannelUnavailable) as said:
        webhook.send(ALARM)
    assert "a-secret" not in str(said.value)
    assert said.value.__cause__ is None


def test_a_webhook_that_never_stops_talking_is_not_listened_to():
    def talk(listener):
        caller, _ = listener.accept()
        with caller, contextlib.suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            while True:
                caller.sendall(b"and another thing " * 1000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        talking = threading.Thread(target=talk, args=[listener], daemon=True)
        talking.start()
        url = "http://{}:{}/".format(*listener.getsockname())
        JsonWebhook(settings_for_tests(alarm_webhook_url=url)).send(ALARM)
        talking.join(10)
        assert not talking.is_alive()


def test_an_address_that_is_none_is_a_setting_to_check():
    webhook = JsonWebhook(settings_for_tests(alarm_webhook_url="https://a..b/a-secret"))
    with pytest.raises(ChannelRefused, match="ALARM_WEBHOOK_URL cannot be asked") as said:
        webhook.send(ALARM)
    assert "a-secret" not in str(said.value)


def test_what_a_proxy_does_not_let_through_did_not_arrive(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    webhook = JsonWebhook(settings_for_tests(alarm_webhook_url="https://a.example/a-secret"))
    with pytest.raises(ChannelUnavailable, match="ProxyError"):
        webhook.send(ALARM)


def test_an_alarm_that_a_webhook_took_without_a_word_may_have_arrived():
    def hear(listener):
        caller, _ = listener.accept()
        with caller:
            caller.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hear, args=[listener], daemon=True).start()
        url = "http://{}:{}/a-secret".format(*listener.getsockname())
        with pytest.raises(ChannelSilent, match="may have arrived") as said:
            JsonWebhook(settings_for_tests(alarm_webhook_url=url)).send(ALARM)
    assert "a-secret" not in str(said.value)


def test_discord_gets_it_defused():
    [embed] = alarm_message(ALARM).payload()["embeds"]
    shown = json.dumps(embed, ensure_ascii=False)
    assert "@everyone" not in shown
    assert r"\\*\\*x\\*\\*" in shown
    assert embed["description"] == "Clear the task."
    assert embed["fields"][-1]["value"] == f"<{ALARM.url}>"


def test_discord_hears_of_it_without_airflow_too(network):
    url = network.addresses.discord_webhook_url
    told = settings_for_tests(alarm_channels=("discord",), discord_webhook_url=url)
    [discord] = configured_channels(told)
    discord.send(ALARM)
    [caught] = network.caught.messages
    assert caught["message"]["allowed_mentions"] == {"parse": []}
    assert "bronze_mastodon failed" in caught["message"]["embeds"][0]["title"].replace("\\", "")
    revoked = network.addresses.revoked_discord_webhook_url
    gone = told.model_copy(update={"discord_webhook_url": SecretStr(revoked)})
    with pytest.raises(ChannelMissing, match="DISCORD_WEBHOOK_URL answers 404"):
        configured_channels(gone)[0].send(ALARM)


def test_a_channel_that_is_not_set_up_is_left_out():
    mail = {"sla_emails": ("ops@example.org",), "smtp_host": "mail.example.org"}
    hook = {"alarm_webhook_url": "https://chat.example.org/x"}
    assert configured_channels(settings_for_tests()) == []
    assert [type(c) for c in configured_channels(settings_for_tests(**mail, **hook))] == [
        Mail,
        JsonWebhook,
    ]
    only = settings_for_tests(**mail, **hook, alarm_channels=("webhook",))
    assert [channel.name for channel in configured_channels(only)] == ["webhook"]
