"""A mail server that takes everything and sends nothing on."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from chorus.demo.servers.caught import Caught


class Mailbox:
    """What aiosmtpd calls when a mail has come in."""

    def __init__(self, caught: Caught) -> None:
        self._caught = caught

    def protocol(self) -> SMTP:
        """One connection; it may sign in, as anybody, and need not."""
        return SMTP(
            self,
            hostname="mail.demo",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
        )

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._caught.mail(_read(envelope))
        return "250 Message accepted for delivery"


def _read(envelope: Envelope) -> dict[str, Any]:
    mail = message_from_bytes(cast("bytes", envelope.content), policy=default)
    return {
        "sender": envelope.mail_from,
        "recipients": list(envelope.rcpt_tos),
        "subject": str(mail["subject"] or ""),
        "text": _body(mail, "plain"),
        "html": _body(mail, "html"),
    }


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content()).strip()
