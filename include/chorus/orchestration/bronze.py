"""The four tasks of a bronze DAG: extract, transform, score, load."""

from typing import Any

from airflow.sdk import Asset, TriggerRule, task

from chorus.orchestration.pools import MODEL, WAREHOUSE, ScarceResource
from chorus.orchestration.sentiment_operator import SentimentOperator


@task
def list_targets(source: str) -> list[dict[str, Any]]:
    """Open the run and name what it reads: what is configured, or what the params ask for."""
    from chorus.orchestration.runs import asked_of, this_run, this_window
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.extract import list_targets as all_targets
    from chorus.pipelines.runs import open_run

    with open_warehouse() as (connection, settings):
        open_run(connection, settings, this_run(), source=source, window=this_window(settings))
    return all_targets(settings, source, asked_of("instances"), asked_of("hashtags"))


@task(map_index_template="{{ task.op_kwargs['target']['name'] }}")
def extract(target: dict[str, Any]) -> dict[str, int]:
    """Copy what one target says of the window into raw_events; returns how many of what."""
    from chorus.orchestration.runs import this_run, this_window
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.extract import extract as read

    with open_warehouse() as (connection, settings):
        window = this_window(settings)
        return read(connection, settings, target, window, this_run())


# One target that fails is one red square; what the others brought goes on.
@task(pool=WAREHOUSE.pool, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
def transform() -> dict[str, int]:
    """Clean every raw event that is not processed yet; returns how many of what."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.transform import transform_pending
    from chorus.sentiment.active import active_model_keys

    with open_warehouse() as (connection, settings):
        keys = active_model_keys(settings)
        return transform_pending(connection, settings, this_run(), keys)


@task(pool=WAREHOUSE.pool)
def load() -> dict[str, Any]:
    """Close the run: counts, quality, checks. Alone owns the asset."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.quality import measure_quality
    from chorus.pipelines.runs import close_run

    run_id = this_run()
    with open_warehouse() as (connection, _):
        measure_quality(connection, run_id)
        return close_run(connection, run_id)


def extract_transform_score_load(source: str, resource: ScarceResource, asset: Asset) -> None:
    """Everything between a source and its asset; not a task group, so that tasks keep short names."""
    extracted = extract.override(pool=resource.pool).expand(target=list_targets(source))
    score = SentimentOperator(task_id="score", pool=MODEL.pool)
    extracted >> transform() >> score >> load.override(outlets=[asset])()
