"""What Chorus sends out is validated as Discord does, caught, and shown with everything escaped."""

import smtplib
import time
from email.message import EmailMessage

import pytest
import requests

from chorus.demo.network import demo_network
from chorus.demo.servers.caught import Caught

HOSTILE = "<script>alert(1)</script> @everyone {{ 7 * 7 }} '\"><img src=x onerror=alert(1)>"


@pytest.fixture
def catching(world, tmp_path):
    with demo_network(limits=False, world=world, state_dir=tmp_path) as running:
        yield running


def post(network, message, **query) -> requests.Response:
    return requests.post(network.discord_webhook_url, json=message, params=query, timeout=20)


def test_a_message_is_caught_and_answered_with_nothing_or_with_itself(catching):
    assert post(catching, {"content": "one"}).status_code == 204
    waited = post(catching, {"content": "two", "embeds": [{"title": "t"}]}, wait="true")
    assert (waited.status_code, waited.json()["content"]) == (200, "two")
    caught = requests.get(catching.addresses.caught_url, timeout=20).json()
    assert [entry["message"]["content"] for entry in caught["discord"]] == ["two", "one"]


def test_the_page_shows_what_discord_would_show_of_escaped_words(catching):
    escaped = r"ana\_b says \#Python \<script> at https\://x.example, C:\dir"
    post(catching, {"content": escaped, "embeds": [{"title": escaped}]})
    page = requests.get(catching.addresses.hub_url, timeout=20).text
    assert page.count("ana_b says #Python &lt;script&gt; at https://x.example, C:\\dir") == 2


def embeds(**embed) -> dict:
    return {"embeds": [embed]}


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"content": "x" * 2001}, ("content",)),
        ({"content": "x", "username": "x" * 81}, ("username",)),
        ({"content": "x", "username": "My Discord bot"}, ("username",)),
        ({"embeds": [{"title": "x"}] * 11}, ("embeds",)),
        (embeds(title="x" * 257), ("embeds", "0", "title")),
        (embeds(description="x" * 4097), ("embeds", "0", "description")),
        (embeds(footer={"text": "x" * 2049}), ("embeds", "0", "footer", "text")),
        (embeds(author={"name": "x" * 257}), ("embeds", "0", "author", "name")),
        (embeds(fields=[{"name": "n", "value": "v"}] * 26), ("embeds", "0", "fields")),
        (
            embeds(fields=[{"name": "x" * 257, "value": "v"}]),
            ("embeds", "0", "fields", "0", "name"),
        ),
        (
            embeds(fields=[{"name": "n", "value": "x" * 1025}]),
            ("embeds", "0", "fields", "0", "value"),
        ),
        (embeds(fields=[{"name": "n", "value": ""}]), ("embeds", "0", "fields", "0", "value")),
        (embeds(title="t", color=0x1000000), ("embeds", "0", "color")),
        (embeds(title="t", url="javascript:alert(1)"), ("embeds", "0", "url")),
        ({"embeds": [{"description": "x" * 3001}] * 2}, ("embeds",)),
        ({"embeds": ["words"]}, ("embeds", "0")),
        (embeds(fields=["words"]), ("embeds", "0", "fields", "0")),
        ({"content": "x", "allowed_mentions": ["users"]}, ("allowed_mentions",)),
        (
            {"content": "x", "allowed_mentions": {"parse": ["me"]}},
            ("allowed_mentions", "parse", "0"),
        ),
    ],
)
def test_what_discord_would_refuse_is_refused_at_the_place_it_is_about(catching, message, path):
    answer = post(catching, message)
    assert answer.status_code == 400
    assert answer.json()["code"] == 50035
    place = answer.json()["errors"]
    for step in path:
        place = place[step]
    assert place["_errors"][0]["message"]
    assert not catching.caught.messages


def test_what_is_just_short_enough_is_accepted(catching):
    fields = [{"name": "n" * 256, "value": "v" * 200}] * 5
    message = {"content": "x" * 2000, "embeds": [{"title": "t" * 256, "fields": fields}]}
    assert post(catching, message).status_code == 204


def test_empty_or_unreadable_messages_are_refused(catching):
    assert post(catching, {"content": "  "}).json()["code"] == 50006
    unreadable = requests.post(catching.discord_webhook_url, data="{", timeout=20)
    assert (unreadable.status_code, unreadable.json()["code"]) == (400, 50109)


def test_strangers_are_told_so(catching):
    revoked = requests.post(
        catching.addresses.revoked_discord_webhook_url, json={"content": "x"}, timeout=20
    )
    assert (revoked.status_code, revoked.json()["code"]) == (404, 10015)
    wrong = requests.post(catching.discord_webhook_url + "x", json={"content": "x"}, timeout=20)
    assert (wrong.status_code, wrong.json()["code"]) == (401, 50027)


def test_five_messages_in_two_seconds_and_the_sixth_waits_as_long_as_it_is_told(world):
    with demo_network(world=world) as network:
        for _ in range(5):
            assert post(network, {"content": "x"}).status_code == 204
        slow = post(network, {"content": "x"})
        assert slow.status_code == 429
        wait = slow.json()["retry_after"]
        assert isinstance(wait, float)
        assert 0 < wait <= 2
        time.sleep(wait + 0.05)
        assert post(network, {"content": "x"}).status_code == 204


def send(network, *, sign_in: bool = False) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "chorus@demo",
        "you@demo",
        f"Überraschung {HOSTILE}",
    )
    mail.set_content(f"Grüße {HOSTILE}")
    mail.add_alternative("<p>Hallo</p>", subtype="html")
    with smtplib.SMTP(network.addresses.smtp_host, network.addresses.smtp_port) as server:
        if sign_in:
            server.login("anybody", "anything")
        server.send_message(mail)


@pytest.mark.parametrize("sign_in", [False, True])
def test_mail_is_caught_with_or_without_signing_in(catching, sign_in):
    send(catching, sign_in=sign_in)
    (mail,) = requests.get(catching.addresses.caught_url, timeout=20).json()["mail"]
    assert mail["subject"].startswith("Überraschung")
    assert mail["recipients"] == ["you@demo"]
    assert mail["text"].startswith("Grüße")
    assert mail["html"] == "<p>Hallo</p>"


def test_the_hub_shows_hostile_text_as_text_and_leads_to_every_server(catching):
    fields = [{"name": HOSTILE[:200], "value": HOSTILE}]
    message = {
        "content": HOSTILE,
        "embeds": [{"title": HOSTILE, "description": HOSTILE, "fields": fields}],
    }
    assert post(catching, message).status_code == 204
    post(
        catching,
        {"content": "x", "allowed_mentions": {"parse": [HOSTILE]}, "username": HOSTILE * 2},
    )
    send(catching)

    page = requests.get(catching.hub_url, timeout=20)

    assert page.text.count("&lt;script&gt;") >= 6
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for address in catching.addresses.instances.values():
        assert f'href="{address}"' in page.text
        assert requests.get(address, timeout=20).status_code == 200


def test_what_was_caught_is_still_there_after_a_restart(world, tmp_path):
    for word in ("before", "after"):
        with demo_network(limits=False, world=world, state_dir=tmp_path) as network:
            post(network, {"content": word})
            caught = [entry["message"]["content"] for entry in network.caught.messages]
    assert caught == ["after", "before"]


def test_a_line_torn_by_a_kill_does_not_stop_the_next_start(tmp_path):
    file = tmp_path / "caught.jsonl"
    Caught(file).message({"content": "whole"})
    with file.open("a") as torn:
        torn.write('{"kind": "discord", "message": {"con')

    for _ in range(2):
        caught = Caught(file)
        assert [entry["message"] for entry in caught.messages] == [{"content": "whole"}]
