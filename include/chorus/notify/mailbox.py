"""Hands mail to the server that SMTP_* names."""

import contextlib
import smtplib
import ssl
from email.message import EmailMessage

from chorus.config import Settings
from chorus.domain.errors import ChannelRefused, ChannelUnavailable

TIMEOUT = 20
FOR_GOOD = 500  # what a server says below that may be otherwise in a minute


def send_mail(mail: EmailMessage, settings: Settings) -> None:
    """Ends quietly only if the server took it for at least one of those it is for."""
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        smtp = smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=TIMEOUT)
        try:
            _hand_over(mail, settings, smtp)
        finally:
            # However it takes our leave: the mail is handed over, or the reason why not is on its way.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        raise ChannelRefused(
            f"The mail server {server} refuses us: {_sentence(error)}; check SMTP_USER, "
            "SMTP_PASSWORD and SMTP_STARTTLS."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        refused = ", ".join(error.recipients)
        if all(code < FOR_GOOD for code, _ in error.recipients.values()):
            raise ChannelUnavailable(
                f"The mail server {server} takes no mail for {refused} just now."
            ) from error
        raise ChannelRefused(
            f"The mail server {server} takes no mail for {refused}; check SLA_EMAILS."
        ) from error
    # A name that is none, a password that no way of signing in can carry. Not ValueError: a bad certificate is one, too.
    except UnicodeError as error:
        raise ChannelRefused(
            f"The mail server {server} cannot be asked: {_sentence(error)}; check SMTP_HOST, SMTP_USER and "
            "SMTP_PASSWORD."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelUnavailable(
            f"The mail server {server} does not take our mail: {_sentence(error)}."
        ) from error


def _hand_over(mail: EmailMessage, settings: Settings, smtp: smtplib.SMTP) -> None:
    if settings.smtp_starttls:
        smtp.starttls(context=ssl.create_default_context())
    if settings.smtp_user and settings.smtp_password:
        smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    smtp.send_message(mail)


def _sentence(error: Exception) -> str:
    return str(error) or type(error).__name__
