"""# Bronze · Reddit, looked at again

Asks for the submissions and comments of the last 7 days once more, by their names: scores, edits and removals become
new observations. What was removed is counted nowhere, past days included, and keeps its first version, which is emptied
with `REDACT_DELETED=true`.

| | |
|---|---|
| Targets | every configured subreddit, in one task for all of Reddit |
| Schedule of a post | one look in each hour of its first day, each six hours of the next two, each day until it is 7 days old |
| Missed looks | nothing is remembered and nothing piles up: whatever is due when a run starts is looked at, once |
| Limits | 100 things a request, and only the half of the app's budget that windows leave |
| Left out | what `/api/info` leaves out (a subreddit that went private) is no deletion; the task counts it as `untold` |
| Wakes | `silver_star`, when something was due |

**When it fails**

- `SourceUnavailable` tries again by itself. A budget that is spent is no failure: the rest is due in the next run.
- `SourceRefused` needs a person: the credentials.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from chorus.orchestration.bronze import look_again_transform_score_load
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import BACKGROUND_DEFAULTS
from chorus.orchestration.params import INSTANCE_PARAMS


@dag(
    schedule=CronTriggerTimetable("45 * * * *", timezone="UTC"),
    deadline=deadline(timedelta(hours=1)),
    params=INSTANCE_PARAMS,
    tags=["bronze", "reddit"],
    doc_md=__doc__,
    **BACKGROUND_DEFAULTS,
)
def bronze_reddit_remeasure() -> None:
    look_again_transform_score_load("reddit")


bronze_reddit_remeasure()
