"""The tasks of gold_views."""

from airflow.sdk import TriggerRule, task

from chorus.orchestration import pools


@task
def list_stale_views() -> list[str]:
    """The views whose rollups changed since they were last refreshed."""
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.gold import views_to_refresh

    with open_warehouse() as (connection, _):
        return views_to_refresh(connection)


@task(
    task_id="refresh",
    pool=pools.WAREHOUSE.pool,
    map_index_template="{{ task.op_kwargs['view'] }}",
)
def refresh_view(view: str) -> None:
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.gold import refresh_view as refresh

    with open_warehouse() as (connection, _):
        refresh(connection, view)


@task(task_id="check", pool=pools.WAREHOUSE.pool, trigger_rule=TriggerRule.NONE_FAILED)
def check_views() -> None:
    """Fail where a view does not agree with the facts; alone owns the asset.

    It runs and announces also when nothing was stale: the run before may have refreshed and
    then failed here.
    """
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.gold import check_gold

    with open_warehouse() as (connection, _):
        check_gold(connection)
