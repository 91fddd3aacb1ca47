"""Whom we tell, and when."""

from typing import Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from chorus.domain.setting_types import Channels, Email, Emails, Host, Webhook, WebUrl
from chorus.domain.thresholds import GivenThresholds, Thresholds


class Alerts(BaseModel):
    """Channels and thresholds."""

    notify_via_discord: bool = Field(
        False, description="Whether a wave ends in Discord alerts."
    )
    discord_webhook_url: Webhook | None = Field(
        None, description="The webhook of the channel that gets them."
    )
    sla_emails: Emails = Field(
        (), description="Who gets a mail when a deadline is missed, separated by commas."
    )
    smtp_host: Host | None = Field(None, description="The mail server.")
    smtp_port: int = Field(587, ge=1, le=65_535, description="Its port.")
    smtp_user: str | None = Field(
        None, description="The name to sign in with there, where it asks for one."
    )
    smtp_password: SecretStr | None = Field(None, description="And the password.")
    smtp_from: Email = Field("chorus@localhost", description="The sender of our mails.")
    smtp_starttls: bool = Field(True, description="Whether to insist on STARTTLS.")

    alarm_channels: Channels = Field(
        ("mail", "webhook"),
        description="Where trouble is told, separated by commas: mail, webhook, discord; one that is not set up is left out.",
    )
    alarm_webhook_url: WebUrl | None = Field(
        None,
        description="What gets every alarm as JSON, by POST; the address counts as a secret.",
    )
    thresholds: GivenThresholds = Field(
        Thresholds(),
        description="Other thresholds than the usual ones, as in completeness=90,silent_hours=12; docs/operations.md lists them.",
    )

    @model_validator(mode="after")
    def _has_a_webhook(self) -> Self:
        if self.notify_via_discord and self.discord_webhook_url is None:
            raise ValueError(
                "DISCORD_WEBHOOK_URL is missing: NOTIFY_VIA_DISCORD=true needs one"
            )
        return self
