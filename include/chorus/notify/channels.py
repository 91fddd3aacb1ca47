"""Where trouble can be told: whatever has a name and can send an alarm. Slack or PagerDuty is one more such class."""

from dataclasses import dataclass
from typing import Any, Protocol

import requests
from pydantic import SecretStr
from urllib3.exceptions import HTTPError, NewConnectionError

from chorus.config import Settings
from chorus.domain.errors import (
    ChannelMissing,
    ChannelRefused,
    ChannelSilent,
    ChannelUnavailable,
)
from chorus.notify.alarm import Alarm, alarm_mail, alarm_message, alarm_payload
from chorus.notify.mailbox import send_mail

TIMEOUT = 20
GONE = {401, 403, 404, 410}
REDIRECT, TOO_MANY, SERVER_ERROR = 300, 429, 500


class Channel(Protocol):
    """`send` ends quietly only if the other side took it, and else raises a NotifyError."""

    @property
    def name(self) -> str:
        """What it is remembered by: as in ALARM_CHANNELS."""

    def send(self, alarm: Alarm) -> None:
        """Tell it."""


@dataclass(frozen=True, slots=True)
class Mail:
    settings: Settings
    name: str = "mail"

    def send(self, alarm: Alarm) -> None:
        send_mail(alarm_mail(alarm, self.settings), self.settings)


@dataclass(frozen=True, slots=True)
class JsonWebhook:
    """Posts plain JSON."""

    settings: Settings
    name: str = "webhook"

    def send(self, alarm: Alarm) -> None:
        _post(self.settings, "alarm_webhook_url", alarm_payload(alarm))


@dataclass(frozen=True, slots=True)
class DiscordWebhook:
    """For those who ask from outside of Airflow, which may know of another webhook."""

    settings: Settings
    name: str = "discord"

    def send(self, alarm: Alarm) -> None:
        _post(self.settings, "discord_webhook_url", alarm_message(alarm).payload())


def _post(settings: Settings, setting: str, payload: dict[str, Any]) -> None:
    """The address is never named, for it may hold a token; the setting is."""
    secret: SecretStr | None = getattr(settings, setting)
    name = setting.upper()
    try:
        with requests.post(
            secret.get_secret_value() if secret else "",
            json=payload,
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,  # however much the other side has to say to it
        ) as answer:
            status = answer.status_code
    # From None: the error's own text holds the address.
    except (HTTPError, ValueError) as error:  # it is none, whoever of those who read it says so
        raise ChannelRefused(
            f"The webhook of {name} cannot be asked ({type(error).__name__}); check that setting."
        ) from None
    except requests.RequestException as error:
        if may_have_arrived(error):
            raise ChannelSilent(
                f"The webhook of {name} was sent an alarm and did not answer; it may have arrived."
            ) from None
        raise ChannelUnavailable(
            f"The webhook of {name} cannot be reached ({type(error).__name__})."
        ) from None
    if status in GONE:
        raise ChannelMissing(f"The webhook of {name} answers {status}; check that setting.")
    if status == TOO_MANY or status >= SERVER_ERROR:
        raise ChannelUnavailable(f"The webhook of {name} answers {status}.")
    if status >= REDIRECT:
        raise ChannelRefused(
            f"The webhook of {name} answers {status} to our alarm; it must take JSON by POST."
        )


def may_have_arrived(error: requests.RequestException) -> bool:
    """Whether a connection broke so late that nobody knows."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    before_sending = (
        requests.ConnectTimeout,
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.exceptions.InvalidURL,
    )
    return not isinstance(error, before_sending) and not isinstance(reason, NewConnectionError)


def configured_channels(settings: Settings) -> list[Channel]:
    """Those of ALARM_CHANNELS that are set up and need nothing of Airflow."""
    channels: list[Channel] = []
    if "mail" in settings.alarm_channels and settings.sla_emails and settings.smtp_host:
        channels.append(Mail(settings))
    if "webhook" in settings.alarm_channels and settings.alarm_webhook_url:
        channels.append(JsonWebhook(settings))
    if "discord" in settings.alarm_channels and settings.discord_webhook_url:
        channels.append(DiscordWebhook(settings))
    return channels
