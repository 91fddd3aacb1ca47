"""Where tasks tell of trouble: the channels that are set up, and Discord, which needs Airflow's connection."""

from dataclasses import dataclass

from chorus.config import Settings
from chorus.notify.alarm import Alarm, alarm_message
from chorus.notify.channels import Channel, DiscordWebhook, configured_channels


@dataclass(frozen=True, slots=True)
class Discord:
    name: str = "discord"

    def send(self, alarm: Alarm) -> None:
        from chorus.orchestration.hooks.discord import DiscordHook

        DiscordHook().send(alarm_message(alarm))


def alarm_channels(settings: Settings) -> list[Channel]:
    """Those of ALARM_CHANNELS that are set up."""
    others = [
        channel
        for channel in configured_channels(settings)
        if not isinstance(channel, DiscordWebhook)
    ]
    discord = [Discord()] if "discord" in settings.alarm_channels else []
    return [*others, *discord]
