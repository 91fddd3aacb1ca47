"""Trouble that a person should hear of, and how it is worded for each kind of channel."""

import hashlib
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from html import escape
from typing import Any

from chorus.config import Settings
from chorus.notify.message import Embed, Field, Message, link_fields
from chorus.notify.text import harmless, quote

LONGEST_SUBJECT = 150
LONGEST_QUOTE = 900
LONGEST_TEXT = 4000
RED, GREEN = "#c0392b", "#1e8449"


@dataclass(frozen=True, slots=True)
class Alarm:
    """`about` is what it is deduplicated by: the same trouble is not said again for a while."""

    kind: str
    about: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    advice: str
    url: str
    run_id: str
    is_over: bool = False
    links: tuple[tuple[str, str], ...] = ()  # further ones, each with what is there

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(repr((self.headline, self.facts)).encode()).digest()


def alarm_mail(alarm: Alarm, settings: Settings) -> EmailMessage:
    """Plain text and HTML; nothing in it is ever read as a template or as markup."""
    alarm = _encodable(alarm)
    mail = EmailMessage()
    mail["Subject"] = f"[Chorus] {_one_line(alarm.headline)}"[:LONGEST_SUBJECT]
    mail["From"] = settings.smtp_from
    mail["To"] = ", ".join(settings.sla_emails)
    mail["Auto-Submitted"] = "auto-generated"
    # Servers that only pass mail on add neither, and others take mail without them for spam.
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=settings.smtp_from.rpartition("@")[2])
    mail.set_content(_text(alarm))
    mail.add_alternative(_html(alarm), subtype="html")
    return mail


def alarm_payload(alarm: Alarm) -> dict[str, Any]:
    """For a program; `text` is what many chats show. Mentions in other people's words are broken."""
    return {
        "text": harmless(f"{alarm.headline} {alarm.advice}", LONGEST_TEXT),
        "kind": alarm.kind,
        "about": alarm.about,
        "is_over": alarm.is_over,
        "headline": harmless(alarm.headline, LONGEST_TEXT),
        "facts": {name: harmless(value, LONGEST_TEXT) for name, value in alarm.facts},
        "advice": alarm.advice,
        "url": alarm.url,
        "links": dict(alarm.links),
        "run_id": alarm.run_id,
    }


def alarm_message(alarm: Alarm) -> Message:
    """For Discord."""
    facts = tuple(
        Field(name, quote(value, LONGEST_QUOTE), inline=False) for name, value in alarm.facts
    )
    embed = Embed(
        title=quote(alarm.headline, 250),
        description=quote(alarm.advice, LONGEST_QUOTE),
        color=int((GREEN if alarm.is_over else RED)[1:], 16),
        fields=facts + link_fields("Open it in Airflow", alarm.url),
        footer=alarm.run_id,
    )
    return Message((embed,))


def _encodable(alarm: Alarm) -> Alarm:
    """What an error repeats may hold halves of characters, which no mail can carry."""
    facts = tuple((name, _whole(value)) for name, value in alarm.facts)
    return replace(alarm, headline=_whole(alarm.headline), facts=facts)


def _one_line(text: str) -> str:
    """What an error repeats may hold line breaks, also as a mail encodes them: they would end the header."""
    return " ".join(text.replace("=?", "= ?").split())


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


def _text(alarm: Alarm) -> str:
    facts = "\n".join(f"{name}: {value}" for name, value in alarm.facts)
    links = "".join(f"{what}: {url}\n" for what, url in alarm.links)
    return f"{alarm.headline}\n\n{facts}\n\n{alarm.advice}\n{alarm.url}\n{links}"


def _html(alarm: Alarm) -> str:
    rows = "".join(
        f'<tr><th style="text-align:left;vertical-align:top;padding:4px 16px 4px 0">{escape(name)}</th>'
        f'<td style="padding:4px 0;white-space:pre-wrap">{escape(value)}</td></tr>'
        for name, value in alarm.facts
    )
    first = (("Open it in Airflow", alarm.url),) if alarm.url else ()
    links = " · ".join(
        f'<a href="{escape(url)}">{escape(what)}</a>' for what, url in (*first, *alarm.links)
    )
    return (
        '<div style="font-family:sans-serif;max-width:640px">'
        f'<h2 style="color:{GREEN if alarm.is_over else RED}">{escape(alarm.headline)}</h2>'
        f"<table>{rows}</table><p>{escape(alarm.advice)}</p><p>{links}</p></div>"
    )
