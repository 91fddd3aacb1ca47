"""Trouble that a person should hear of, and the mail that says so."""

import hashlib
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from chorus.config import Settings

LONGEST_SUBJECT = 150


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

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(repr((self.headline, self.facts)).encode()).digest()


def alarm_mail(alarm: Alarm, settings: Settings) -> EmailMessage:
    """Plain text and HTML; nothing in it is ever read as a template or as markup."""
    mail = EmailMessage()
    # One line: what an error says may hold line breaks, which would end the header.
    mail["Subject"] = f"[Chorus] {' '.join(alarm.headline.split())}"[:LONGEST_SUBJECT]
    mail["From"] = settings.smtp_from
    mail["To"] = ", ".join(settings.sla_emails)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(alarm))
    mail.add_alternative(_html(alarm), subtype="html")
    return mail


def _text(alarm: Alarm) -> str:
    facts = "\n".join(f"{name}: {value}" for name, value in alarm.facts)
    return f"{alarm.headline}\n\n{facts}\n\n{alarm.advice}\n{alarm.url}\n"


def _html(alarm: Alarm) -> str:
    rows = "".join(
        f'<tr><th style="text-align:left;vertical-align:top;padding:4px 16px 4px 0">{escape(name)}</th>'
        f'<td style="padding:4px 0;white-space:pre-wrap">{escape(value)}</td></tr>'
        for name, value in alarm.facts
    )
    return (
        '<div style="font-family:sans-serif;max-width:640px">'
        f'<h2 style="color:#c0392b">{escape(alarm.headline)}</h2>'
        f"<table>{rows}</table><p>{escape(alarm.advice)}</p>"
        f'<p><a href="{escape(alarm.url)}">Open it in Airflow</a></p></div>'
    )
