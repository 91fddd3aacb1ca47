"""A DAG as a worker runs it: two mapped tasks score, more posts arrive, a later task scores those. Run by a test."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, task

from chorus.orchestration.sentiment_operator import SentimentOperator

LIBRARIES = {"torch", "transformers", "tokenizers", "vaderSentiment"}
begun: list[float] = []


def begin(_: Any) -> None:
    begun.append(time.time())


@task
def queue_more() -> None:
    from chorus.orchestration.warehouse import open_warehouse

    with open_warehouse() as (connection, _):
        connection.execute(
            "with edited as ("
            " update bronze.transformed_toots_with_sentiment_data"
            " set content_text = content_text || ' again' returning source, instance, id)"
            " insert into bronze.posts_to_score (source, instance, post_id, model_key)"
            " select source, instance, id, 'vaderSentiment@3.3.2#vader/exact/as-is-1' from edited"
        )


@task
def report(first: Any, second: Any) -> None:
    found = {
        "first": list(first),
        "second": second,
        "begun": [begun[0], begun[-1]],
        "libraries": sorted(LIBRARIES & sys.modules.keys()),
    }
    Path(sys.argv[1]).write_text(json.dumps(found))


with DAG("score_twice", schedule=None) as dag:
    first = SentimentOperator.partial(task_id="first", pre_execute=begin).expand(shard=[1, 2])
    second = SentimentOperator(task_id="second", pre_execute=begin)
    first >> queue_more() >> second >> report(first.output, second.output)

if __name__ == "__main__":
    from airflow.utils.db import initdb

    initdb()
    sys.exit(dag.test().state != "success")
