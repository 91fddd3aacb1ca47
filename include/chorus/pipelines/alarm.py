"""Tells people of trouble and of its end, and not over and over: an outage of an hour is two messages, not sixty."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from chorus.config import Settings
from chorus.domain.errors import ChannelRefused, ChannelSilent, ChannelUnavailable, NotifyError
from chorus.domain.rules import Rule
from chorus.notify.alarm import Alarm
from chorus.notify.channels import Channel, configured_channels
from chorus.pipelines.said import QUIET, Said

log = logging.getLogger(__name__)


def raise_alarm(
    alarm: Alarm, settings: Settings, channels: Sequence[Channel] | None = None
) -> bool:
    """Whether somebody was told; if not, the log says why. One channel that fails holds no other back."""
    channels = configured_channels(settings) if channels is None else channels
    if not channels:
        log.warning(
            "%s Nobody is told: set SLA_EMAILS and SMTP_HOST, or ALARM_WEBHOOK_URL.",
            alarm.headline,
        )
        return False
    said = Said(settings)
    told, failures = [], []
    for channel in channels:
        if not said.may_speak(channel.name, alarm):
            log.info(
                "%s %s was told less than %s ago, or of too much.",
                alarm.headline,
                channel.name,
                QUIET,
            )
            continue
        try:
            channel.send(alarm)
        except ChannelSilent as error:
            log.warning("%s It is not sent again, so that nothing is said twice.", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other channels are asked
            said.take_back(channel.name, alarm)
            failures.append(_of_the_channel(channel, error))
        else:
            told.append(channel.name)
    if told:
        log.info("%s Told by %s.", alarm.headline, ", ".join(told))
    if failures:  # the one that may pass, if there is one: it is worth another try
        raise min(failures, key=lambda error: not isinstance(error, ChannelUnavailable))
    return bool(told)


def say_well_again(
    alarm: Alarm, settings: Settings, channels: Sequence[Channel] | None = None
) -> bool:
    """Tell those who were told of the trouble, once, that it is over; whether there was somebody to tell."""
    over = replace(alarm, is_over=True)
    channels = configured_channels(settings) if channels is None else channels
    said = Said(settings)
    told = False
    for channel in channels:
        if not said.was_open(channel.name, over):
            continue
        try:
            channel.send(over)
        except ChannelSilent as error:
            log.warning("%s It is not sent again, so that nothing is said twice.", error)
        except Exception as error:  # noqa: BLE001 - as above
            said.open_again(channel.name, over)
            log.warning("That it is well again could not be said: %s", error)
        else:
            log.info("%s Told by %s.", over.headline, channel.name)
            told = True
    return told


def _of_the_channel(channel: Channel, error: Exception) -> NotifyError:
    if isinstance(error, NotifyError):
        return error
    return ChannelRefused(
        f"The channel {channel.name} cannot be told ({type(error).__name__}: {error}); check its settings."
    )


def alarm_of(
    rule: Rule,
    sentence: str,
    *,
    about: str = "",
    facts: tuple[tuple[str, str], ...] = (),
    url: str = "",
    run_id: str = "",
) -> Alarm:
    """The trouble that a rule names."""
    return Alarm(
        kind=rule.name,
        about=about or rule.name,
        headline=sentence,
        facts=facts or (("It means", rule.means),),
        advice=rule.advice,
        url=url,
        run_id=run_id,
    )
