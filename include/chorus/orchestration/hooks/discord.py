"""The provider's Discord hook, with what it lacks: several embeds, no pings, and errors named for what to do."""

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import requests
from airflow.providers.discord.hooks.discord_webhook import DiscordWebhookHook
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret

from chorus.config import Settings, load_settings
from chorus.domain.errors import (
    ChannelMissing,
    ChannelRefused,
    ChannelSilent,
    ChannelUnavailable,
)
from chorus.domain.setting_types import webhook_parts
from chorus.notify.channels import GONE, may_have_arrived
from chorus.notify.message import Message
from chorus.sources.waits import retry_after

CONNECTION_ID = "chorus_discord"
TIMEOUT = 20
AGAIN_AFTER_ERROR = timedelta(seconds=30)


class DiscordHook(DiscordWebhookHook):
    """Sends whole messages. Without an Airflow connection it goes by DISCORD_WEBHOOK_URL."""

    def __init__(self, http_conn_id: str = CONNECTION_ID) -> None:
        try:
            super().__init__(http_conn_id=http_conn_id)
        except ValueError as error:
            raise ChannelMissing(
                f"The connection {http_conn_id} names no webhook; its webhook_endpoint must look "
                "like webhooks/<id>/<token>."
            ) from error
        mask_secret(self.webhook_endpoint)

    @classmethod
    def get_connection(cls, conn_id: str) -> Connection:
        try:
            return super().get_connection(conn_id)
        except AirflowNotFoundException:
            return _from_settings(conn_id, load_settings())

    def send(self, message: Message) -> None:
        """Post it; ends quietly only if Discord says that it took it.

        Not through the provider's `run`, which logs the webhook's address when it fails.
        """
        self._exchange("POST", json.dumps(message.payload()).encode())

    def look(self) -> None:
        """Ends quietly if Discord knows the webhook; nobody is told anything."""
        self._exchange("GET")

    def _exchange(self, method: str, body: bytes | None = None) -> None:
        session = self.get_conn({"Content-Type": "application/json"})
        url = self.url_from_endpoint(self.webhook_endpoint)
        try:
            answer = session.request(
                method, url, data=body, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            # From None: the error's own text holds the webhook's address.
            raise _undelivered(error) from None
        _raise_for(answer)


def _raise_for(answer: requests.Response) -> None:
    status = answer.status_code
    # Not `answer.ok`, to which a 304, a 301 that leads nowhere and a 999 are well.
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _asked_to_wait(answer)
        raise ChannelUnavailable(
            f"Discord asks us to wait {wait.total_seconds():g} seconds.", wait
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ChannelUnavailable(f"Discord answers {status}: trying again.", AGAIN_AFTER_ERROR)
    if status in GONE:
        raise ChannelMissing(
            f"Discord answers {status}: the webhook was revoked; make a new one and set "
            "DISCORD_WEBHOOK_URL."
        )
    raise ChannelRefused(f"Discord answers {status} to our message: {answer.text[:300]}")


def _asked_to_wait(answer: requests.Response) -> timedelta:
    """As the body says, else the header: a proxy before Discord answers without JSON.

    Whatever cannot be read advises nothing: numbers may have too many digits (a ValueError), brackets too many levels.
    """
    try:
        said = {"Retry-After": str(answer.json()["retry_after"])}
    except (ValueError, RecursionError, KeyError, TypeError):
        said = {}
    now = datetime.now(UTC)
    for headers in (said, answer.headers):
        if (wait := retry_after(headers, now)) is not None:
            return wait
    return AGAIN_AFTER_ERROR


def _undelivered(error: requests.RequestException) -> ChannelUnavailable | ChannelSilent:
    """What a connection that broke means: nothing was said, or nobody knows."""
    if may_have_arrived(error):
        return ChannelSilent(
            "Discord was sent a message and did not answer; it may have arrived."
        )
    return ChannelUnavailable(
        f"Discord cannot be reached ({type(error).__name__}).", AGAIN_AFTER_ERROR
    )


def _from_settings(conn_id: str, settings: Settings) -> Connection:
    """DISCORD_WEBHOOK_URL as the provider's connection."""
    if settings.discord_webhook_url is None:
        raise ChannelMissing(
            "There is no webhook: set DISCORD_WEBHOOK_URL or make the connection chorus_discord."
        )
    api, endpoint = webhook_parts(settings.discord_webhook_url.get_secret_value())
    extra = json.dumps({"webhook_endpoint": endpoint})
    return Connection(conn_id=conn_id, conn_type="discord", host=api, extra=extra)
