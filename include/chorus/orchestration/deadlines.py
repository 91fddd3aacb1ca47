"""Who hears when a run is late or a task gave up: mail, from one place, for every DAG."""

import asyncio
import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

if TYPE_CHECKING:
    from chorus.notify.alarm import Alarm


log = logging.getLogger(__name__)

# Nobody asks again later. Servers that put strangers off take their mail after five minutes.
PAUSES = (20, 320)


def deadline(interval: timedelta) -> DeadlineAlert:
    """Mail SLA_EMAILS when a run is not done `interval` after it was queued."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=interval,
        callback=AsyncCallback(mail_missed_deadline),
    )


async def mail_missed_deadline(context: dict[str, Any]) -> None:
    """Runs in the triggerer, with the run as the REST API shows it and the deadline."""
    from chorus.orchestration.trouble import late_run

    # In a thread: a slow mail server must not hold up every other trigger.
    await asyncio.to_thread(lambda: _raise(late_run(context)))


def mail_failure(context: Context) -> None:
    """Runs in the task's own process, after its last try; of a broken rule people were told already."""
    from chorus.domain.errors import NeedsAttention
    from chorus.orchestration.trouble import failed_task

    if isinstance(context.get("exception"), NeedsAttention):
        return
    _raise(failed_task(context))


def _raise(alarm: "Alarm") -> None:
    from chorus.domain.errors import ChannelUnavailable
    from chorus.orchestration.channels import alarm_channels
    from chorus.orchestration.warehouse import task_settings
    from chorus.pipelines.alarm import raise_alarm

    settings = task_settings()
    for pause in (*PAUSES, None):
        try:
            raise_alarm(alarm, settings, alarm_channels(settings))
        except ChannelUnavailable as error:
            if pause is None:
                raise
            log.warning("%s It is tried again in %d s.", error, pause)
            time.sleep(pause)
        else:
            return
