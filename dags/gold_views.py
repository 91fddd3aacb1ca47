"""# Gold · Views

Refreshes the views whose rollups changed since they were last refreshed, each in a task of its own and
without locking out those who read them.

| | |
|---|---|
| Wakes on | the star schema, and every 6 hours in case a bell was not heard |
| Reads | rollup tables that the silver load keeps exact, so a refresh costs little at any size |
| Twice | changes nothing: a view that is up to date is left alone |
| Wakes | `notify_discord`, once `check` has passed |

**When it fails**

- `WarehouseUnavailable` tries again by itself.
- `CheckFailed` names the view or rollup that does not agree with the facts, and the command that makes it anew.
"""

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag

from chorus.orchestration import assets
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import LISTENER_DEFAULTS
from chorus.orchestration.gold import check_views, list_stale_views, refresh_view


@dag(
    schedule=AssetOrTimeSchedule(
        assets=assets.SILVER_STAR,
        timetable=CronTriggerTimetable("35 */6 * * *", timezone="UTC"),
    ),
    deadline=deadline(timedelta(minutes=20)),
    is_paused_upon_creation=False,
    tags=["gold"],
    doc_md=__doc__,
    **LISTENER_DEFAULTS,
)
def gold_views() -> None:
    stale = list_stale_views.override(inlets=[assets.SILVER_STAR])()
    refreshed = refresh_view.expand(view=stale)
    check_views.override(outlets=[assets.GOLD_VIEWS])(stale, refreshed)  # type: ignore[arg-type]


gold_views()
