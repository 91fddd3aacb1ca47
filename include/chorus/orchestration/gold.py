"""The tasks of gold_views."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from airflow.sdk import TriggerRule, task

from chorus.orchestration.pools import WAREHOUSE
from chorus.orchestration.warehouse import with_db_retry

if TYPE_CHECKING:
    from chorus.warehouse.gold_views import Refresh


@task
@with_db_retry
def list_stale_views() -> list[str]:
    """Open the run and name the views whose rollups changed since they were last refreshed."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.gold import views_to_refresh
    from chorus.pipelines.runs import open_run

    with open_warehouse() as (connection, settings):
        open_run(connection, settings, this_run())
        return views_to_refresh(connection)


@task(
    task_id="refresh",
    pool=WAREHOUSE.pool,
    map_index_template="{{ task.op_kwargs['view'] }}",
)
@with_db_retry
def refresh_view(view: str) -> "Refresh":
    """Refresh one view beside its readers; returns its rows and what it took."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.gold import refresh_view as refresh
    from chorus.pipelines.runs import step

    with (
        open_warehouse() as (connection, _),
        step(connection, this_run(), "refresh", view) as counts,
    ):
        refreshed = refresh(connection, view)
        counts["rows"] = refreshed["rows"]
    return refreshed


@task(task_id="check", pool=WAREHOUSE.pool, trigger_rule=TriggerRule.ALL_DONE)
@with_db_retry
def check_views(stale: list[str] | None, refreshed: Sequence["Refresh"] | None) -> None:
    """Close the run, fail where a view does not agree with the facts, sum up the days; alone owns the asset.

    It announces also when nothing was stale: the run before may have refreshed and then failed here.
    """
    from chorus.orchestration.closing import closing_run
    from chorus.pipelines.gold import check_gold
    from chorus.pipelines.summaries import write_summaries

    got_through = stale is not None and len(refreshed or ()) == len(stale)
    with closing_run("check", got_through=got_through) as (connection, _):
        check_gold(connection)
        write_summaries(connection)
