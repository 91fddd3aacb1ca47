"""Trouble reaches people by mail, through a real mail server, and not over and over."""

import email
import email.policy
import socket
import ssl
import tempfile
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from chorus.domain.errors import ChannelRefused, ChannelUnavailable
from chorus.notify.alarm import Alarm
from chorus.pipelines import alarm as alarms
from chorus.pipelines.alarm import raise_alarm

ALARM = Alarm(
    kind="failure",
    about="bronze_mastodon",
    headline="bronze_mastodon failed\r\nBcc: everybody@example.org",
    facts=(("It says", "{{ 7*7 }} <script>alert(1)</script>"), ("Try", "4")),
    advice="Clear the task.",
    url="http://localhost:8080/dags/bronze_mastodon",
    run_id="bronze_mastodon/manual__1",
)


class Inbox:
    def __init__(self):
        self.mails = []
        self.refusing = None
        self.leave = None

    async def handle_QUIT(self, _server, _session, _envelope):  # noqa: N802
        return self.leave or "221 Bye"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.refusing:
            return self.refusing
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)
        )
        return "250 OK"


@pytest.fixture
def inbox():
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        inbox.port = free.getsockname()[1]
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=inbox.port,
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )
    controller.start()
    yield inbox
    controller.stop()


@pytest.fixture(autouse=True)
def _notes_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def settings(warehouse_settings, inbox):
    return warehouse_settings.model_copy(
        update={
            "sla_emails": ("ops@example.org", "boss@example.org"),
            "smtp_host": "127.0.0.1",
            "smtp_port": inbox.port,
            "smtp_starttls": False,
        }
    )


@pytest.fixture
def without_warehouse(settings):
    return settings.model_copy(update={"database_port": 9})


def test_a_mail_says_what_happened_in_text_and_html(settings, inbox):
    assert raise_alarm(ALARM, settings)
    [mail] = inbox.mails
    assert mail["To"] == "ops@example.org, boss@example.org"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["Subject"] == "[Chorus] bronze_mastodon failed Bcc: everybody@example.org"
    assert mail["Bcc"] is None
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "Try: 4" in text
    assert "Clear the task." in html
    assert ALARM.url in text
    assert ALARM.url in html


def test_line_breaks_in_the_encoding_of_mails_end_no_header(settings, inbox):
    hostile = (
        "it refuses us: /x?=?utf-8?q?=0D=0ABcc:_v=40evil.example=0D=0A=0D=0A<h1>owned</h1>?="
    )
    raise_alarm(replace(ALARM, headline=hostile), settings)
    [mail] = inbox.mails
    assert mail["Bcc"] is None
    assert "= ?utf-8?q?=0D=0ABcc" in mail["Subject"]
    assert mail["To"] == "ops@example.org, boss@example.org"


def test_nothing_in_a_mail_is_a_template_or_markup(settings, inbox):
    raise_alarm(ALARM, settings)
    html = inbox.mails[0].get_body(("html",)).get_content()
    assert "{{ 7*7 }}" in html
    assert "<script>" not in html


def test_halves_of_characters_in_an_error_keep_nobody_from_hearing_of_it(settings, inbox):
    broken = replace(ALARM, headline="half \ud83d", facts=(("It says", "a\udcff\x00b"),))
    assert raise_alarm(broken, settings)
    assert inbox.mails[0]["Subject"] == "[Chorus] half ?"


def test_an_outage_of_many_failures_is_one_mail_an_hour(settings, inbox, owner):
    for _ in range(60):
        raise_alarm(ALARM, settings)
    assert len(inbox.mails) == 1
    owner.execute(
        "update ops.notifications_sent set sent_at = sent_at - %s", [timedelta(hours=1)]
    )
    raise_alarm(ALARM, settings)
    assert len(inbox.mails) == 2


def test_it_is_also_one_mail_when_the_warehouse_is_what_is_down(without_warehouse, inbox):
    for _ in range(5):
        raise_alarm(ALARM, without_warehouse)
    assert len(inbox.mails) == 1


def test_other_trouble_is_said_beside_it(settings, inbox):
    raise_alarm(ALARM, settings)
    raise_alarm(replace(ALARM, about="silver_star"), settings)
    raise_alarm(replace(ALARM, kind="deadline"), settings)
    assert len(inbox.mails) == 3


@pytest.mark.parametrize("where", ["settings", "without_warehouse"])
def test_what_could_not_be_sent_is_tried_again(where, request, inbox):
    settings = request.getfixturevalue(where)
    with pytest.raises(ChannelUnavailable, match="does not take our mail"):
        raise_alarm(ALARM, settings.model_copy(update={"smtp_port": 9}))
    assert raise_alarm(ALARM, settings)
    assert len(inbox.mails) == 1


def test_addresses_that_the_server_does_not_know_are_named(settings, inbox):
    inbox.refusing = "550 no such user"
    with pytest.raises(ChannelRefused, match=r"boss@example\.org"):
        raise_alarm(ALARM, settings)


def test_who_asks_us_to_come_back_does_not_refuse_us(settings, inbox):
    inbox.refusing = "451 greylisted"
    with pytest.raises(ChannelUnavailable, match=r"boss@example\.org just now"):
        raise_alarm(ALARM, settings)
    inbox.refusing = None
    assert raise_alarm(ALARM, settings)


def test_a_certificate_that_is_wrong_is_said_and_no_setting_is_blamed(settings, monkeypatch):
    def refuse(*_, **__):
        raise ssl.SSLCertVerificationError("certificate has expired")

    monkeypatch.setattr("smtplib.SMTP", refuse)
    with pytest.raises(ChannelUnavailable, match="certificate has expired"):
        raise_alarm(ALARM, settings)


@pytest.mark.parametrize("leave", ["421 going down", "250 what"])
def test_a_mail_that_was_taken_is_told_however_the_server_takes_leave(settings, inbox, leave):
    inbox.leave = leave
    assert raise_alarm(ALARM, settings)
    assert not raise_alarm(ALARM, settings)
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_host": "mail..example.org"},
        {"smtp_user": "chorus", "smtp_password": SecretStr("pässwort")},
    ],
)
def test_settings_that_no_mail_can_be_sent_by_are_named(settings, inbox, wrong):
    with pytest.raises(ChannelRefused, match="check SMTP_HOST, SMTP_USER and SMTP_PASSWORD"):
        raise_alarm(ALARM, settings.model_copy(update=wrong))


def test_where_no_file_can_be_written_either_people_hear_of_it(
    without_warehouse, inbox, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")
    assert raise_alarm(ALARM, without_warehouse)
    assert len(inbox.mails) == 1


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(settings):
    with pytest.raises(ChannelRefused, match="SMTP_STARTTLS"):
        raise_alarm(ALARM, settings.model_copy(update={"smtp_starttls": True}))


def test_with_nobody_to_tell_the_log_says_so(settings, inbox, caplog):
    assert not raise_alarm(ALARM, settings.model_copy(update={"sla_emails": ()}))
    assert "set SLA_EMAILS" in caplog.text
    assert not inbox.mails


def test_quiet_means_an_hour():
    assert timedelta(hours=1) == alarms.QUIET
