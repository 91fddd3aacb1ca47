"""# Silver · Star

Loads whatever bronze holds that the star schema has not loaded yet: accounts with their history, posts, hashtags,
threads, moods and counts, and with them the rollups that the gold views read.

| | |
|---|---|
| Wakes on | new observations of any source, and every 6 hours in case a bell was not heard |
| Reads | `bronze.posts_to_load` and `bronze.accounts_to_load`, whichever event rang |
| Twice | changes nothing; two at once wait for each other |
| Backfill | backfill the source instead; this follows |
| Wakes | `gold_views`, once `check` has passed |

**When it fails**

- `WarehouseUnavailable` tries again by itself.
- `CheckFailed` names the promise that is broken. Nothing downstream wakes on such rows; look at them, mend the cause and clear `load`.
"""

from datetime import timedelta

from airflow.sdk import AssetAny, AssetOrTimeSchedule, CronTriggerTimetable, dag

from chorus.orchestration import assets
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import LISTENER_DEFAULTS
from chorus.orchestration.silver import check_star, load_star


@dag(
    schedule=AssetOrTimeSchedule(
        assets=AssetAny(*assets.BRONZE.values()),
        timetable=CronTriggerTimetable("20 */6 * * *", timezone="UTC"),
    ),
    deadline=deadline(timedelta(minutes=30)),
    is_paused_upon_creation=False,
    tags=["silver"],
    doc_md=__doc__,
    **LISTENER_DEFAULTS,
)
def silver_star() -> None:
    loaded = load_star.override(inlets=[*assets.BRONZE.values()])()
    check_star.override(outlets=[assets.SILVER_STAR])(loaded)  # type: ignore[arg-type]


silver_star()
