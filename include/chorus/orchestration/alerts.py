"""The tasks of notify_discord."""

from typing import TYPE_CHECKING, Any

from airflow.sdk import task

from chorus.orchestration import pools
from chorus.orchestration.warehouse import with_db_retry

if TYPE_CHECKING:
    from chorus.pipelines.notify import Kind

# An anomaly is rare: looking for it is not worth a process of its own.
BESIDE: dict["Kind", tuple["Kind", ...]] = {"summary": ("mood_anomaly",)}


@task
@with_db_retry
def list_news() -> list[dict[str, Any]]:
    """The windows to talk about; skipped, and everything after it, where there is nobody to tell."""
    from airflow.sdk.exceptions import AirflowSkipException

    from chorus.orchestration.runs import asked_window, this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.news import News
    from chorus.pipelines.news import list_news as recent_news

    with open_warehouse() as (connection, settings):
        if not settings.notify_via_discord:
            raise AirflowSkipException("Discord alerts are off: NOTIFY_VIA_DISCORD is false.")
        window = asked_window()
        if window is not None:
            return [News(f"asked by {this_run()}", window).keys]
        return [news.keys for news in recent_news(connection, settings)]


@task(pool=pools.DISCORD.pool, map_index_template="{{ task.op_kwargs['kind'] }}")
@with_db_retry
def say(kind: "Kind", news: list[dict[str, Any]]) -> int:
    """Say what was not said yet; skipped where the webhook is gone, for that is no fault of the wave."""
    from airflow.sdk.exceptions import AirflowSkipException

    from chorus.domain.errors import ChannelMissing
    from chorus.orchestration.hooks.discord import DiscordHook
    from chorus.orchestration.links import pipeline_run_url
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.news import News
    from chorus.pipelines.notify import say_news

    try:
        with open_warehouse() as (connection, settings):
            return sum(
                say_news(
                    connection,
                    settings,
                    each,
                    [News.from_keys(keys) for keys in news],
                    send=DiscordHook().send,
                    run_id=this_run(),
                    run_url=pipeline_run_url,
                )
                for each in (kind, *BESIDE.get(kind, ()))
            )
    except ChannelMissing as error:
        raise AirflowSkipException(f"Nobody was told: {error}") from error
