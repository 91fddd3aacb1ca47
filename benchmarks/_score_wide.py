"""A DAG with as many score tasks at once as its run asks for, each with posts to read; put beside those of a stack."""

import time
from typing import Any

from airflow.sdk import DAG, get_current_context, task

from chorus.config import load_settings
from chorus.orchestration.sentiment_operator import SentimentOperator

EACH = 20
EDIT = """
with edited as (
    update bronze.transformed_toots_with_sentiment_data
    set content_text = content_text || ' ' || gen_random_uuid()
    where (source, instance, id) in (
        select source, instance, id
        from bronze.transformed_toots_with_sentiment_data
        order by created_at, id
        offset %(first)s limit %(each)s
    )
    returning source, instance, id
)

insert into bronze.posts_to_score (source, instance, post_id, model_key)
select source, instance, id, %(model_key)s from edited
"""


def queue_some(context: Any) -> None:
    """Posts that no other task queues, with a text that nobody has read."""
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.sentiment.active import active_model_keys

    with open_warehouse() as (connection, settings):
        key = active_model_keys(settings)[0].text
        first = context["ti"].map_index * EACH
        connection.execute(EDIT, {"model_key": key, "first": first, "each": EACH})
    context["ti"].xcom_push(key="begun", value=time.time())


@task
def shards() -> list[int]:
    return list(range(get_current_context()["params"]["shards"]))


with DAG("score_wide", schedule=None, params={"shards": 1}):
    where = load_settings().sentiment_queue or "default"
    wide = SentimentOperator.partial(task_id="score", queue=where, pre_execute=queue_some)
    wide.expand(shard=shards())
