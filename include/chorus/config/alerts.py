"""Whom we tell, and when."""

from pydantic import BaseModel, Field, SecretStr

from chorus.domain.setting_types import Channels, Email, Emails, Host, Webhook, WebUrl
from chorus.domain.thresholds import GivenThresholds, Thresholds


class Alerts(BaseModel):
    """Channels and thresholds."""

    notify_via_discord: bool = Field(
        False, description="Whether a wave ends in Discord alerts."
    )
    discord_webhook_url: Webhook | None = Field(
        None,
        description="The webhook of the channel that gets them, unless the Airflow connection chorus_discord names it.",
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
