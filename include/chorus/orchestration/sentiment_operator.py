"""The operator that reads the mood of what waits."""

from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.configuration import conf

from chorus.config import load_settings

CELERY = "CeleryExecutor"


def whose_workers() -> dict[str, str]:
    """Who takes a task that reads the mood: the workers of SENTIMENT_QUEUE, or whoever takes the others.

    Only Celery's workers listen to a queue and outlive a task: where Airflow has two executors and makes the other
    tasks pods, this one goes to them.
    """
    queue = load_settings().sentiment_queue
    if not queue:
        return {}
    executors = [name.strip() for name in conf.get("core", "executor").split(",")]
    several = len(executors) > 1 and CELERY in executors
    return {"queue": queue} | ({"executor": CELERY} if several else {})


class SentimentOperator(BaseOperator):
    """Scores posts that no active model has read as they are now, until none waits.

    Several at once share the queue and finish together: map it over as many shards as there are workers.
    The model itself lives in a process of the worker (`chorus.sentiment.host`), so that this one never loads
    it; SENTIMENT_QUEUE sends the task to workers with a GPU, unless `queue` says otherwise.
    """

    template_fields = ("shard",)
    ui_color = "#f5e1c8"

    def __init__(self, *, shard: int | str | None = None, **options: Any) -> None:
        super().__init__(**whose_workers() | options)
        self.shard = shard

    def execute(self, context: Context) -> dict[str, Any]:
        """Returns how many posts, and what each model did."""
        from chorus.orchestration.runs import this_run
        from chorus.orchestration.warehouse import open_warehouse
        from chorus.pipelines.score import score_all_pending

        _ = context
        with open_warehouse() as (connection, settings):
            totals = score_all_pending(connection, settings, this_run())
        for one in totals:
            self.log.info("%s", one)
        return {
            "scored": sum(one.posts for one in totals),
            "cache_hits": sum(one.cache_hits for one in totals),
            "dead_letters": sum(one.dead_letters for one in totals),
            "models": [one.counts() for one in totals],
        }
