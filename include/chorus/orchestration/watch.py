"""The tasks of ops_watch: one for each rule, so that the grid shows at a glance which one is broken."""

from typing import TYPE_CHECKING

from airflow.sdk import task

from chorus.domain.rules import WATCHED
from chorus.orchestration import pools

if TYPE_CHECKING:
    from chorus.config import Settings
    from chorus.pipelines.watch import Check, Finding
    from chorus.warehouse.connection import Connection


@task(pool=pools.WATCH.pool, retries=1)
def look_at(rule: str) -> str:
    """Fails where the rule is broken, after people were told; returns the sentence where all is well."""
    from chorus.domain.errors import NeedsAttention
    from chorus.domain.rules import FAILING, RULES
    from chorus.orchestration.channels import alarm_channels
    from chorus.orchestration.links import pipeline_run_url
    from chorus.orchestration.logs import bind_run
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import task_settings
    from chorus.pipelines.watching import look, note_recoveries

    bind_run()
    settings, run = task_settings(), this_run()
    channels = alarm_channels(settings)
    if rule == FAILING.name:
        note_recoveries(settings, channels)
    found = look(
        RULES[rule],
        _check(rule),
        settings,
        channels,
        url=pipeline_run_url(run),
        run_id=run,
    )
    if not found.is_well:
        raise NeedsAttention(found.sentence)
    return found.sentence


def watch_everything() -> None:
    """A task a rule, side by side."""
    for rule in WATCHED:
        look_at.override(task_id=rule.name, doc_md=f"{rule.means} {rule.advice}")(rule.name)


def _check(rule: str) -> "Check":
    from chorus.domain.rules import DISK, WEBHOOK
    from chorus.pipelines.watching import CHECKS

    return {DISK.name: _disk, WEBHOOK.name: _webhook, **CHECKS}[rule]


def _disk(_: "Connection", settings: "Settings") -> "Finding":
    from pathlib import Path

    from airflow.sdk.configuration import conf

    from chorus.pipelines.room import disk

    logs = conf.get("logging", "base_log_folder", fallback="")
    return disk(settings, [Path(str(logs))] if logs else [])


def _webhook(_: "Connection", settings: "Settings") -> "Finding":
    from chorus.domain.errors import ChannelMissing, NotifyError
    from chorus.orchestration.hooks.discord import DiscordHook
    from chorus.pipelines.watch import Finding

    if not settings.notify_via_discord:
        return Finding(is_well=True, sentence="Discord alerts are switched off.")
    try:
        DiscordHook().look()
    except ChannelMissing as error:
        return Finding(is_well=False, sentence=str(error))
    except NotifyError as error:
        return Finding(
            is_well=True, sentence=f"Whether the webhook is there is not known: {error}"
        )
    return Finding(is_well=True, sentence="Discord knows the webhook.")
