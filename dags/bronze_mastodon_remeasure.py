"""# Bronze · Mastodon, looked at again

Asks for the posts of the last 7 days once more: changed counts and edits become new observations, a post that is gone
(404, 410) becomes a deletion. A deleted post is counted nowhere, past days included; with `REDACT_DELETED=true` what it
said is emptied.

| | |
|---|---|
| Targets | every configured instance; one mapped task each |
| Schedule of a post | one look in each hour of its first day, each six hours of the next two, each day until it is 7 days old |
| Missed looks | nothing is remembered and nothing piles up: whatever is due when a run starts is looked at, once |
| Limits | 20 posts a request on Mastodon 4.3 and later, Pleroma and Akkoma, one elsewhere; only the half of an instance's budget that windows leave; 20 minutes at a time |
| Wakes | `silver_star`, when something was due |

**When it fails**

- `SourceUnavailable` tries again by itself. A budget that is spent is no failure: the rest is due in the next run.
- `SourceRefused`: the instance shows no posts to us by their ids; it wants a token, or must go from `targets.yaml`.
- `SourceChanged`: what answers is no instance any more, or answers in a new shape. Nothing is taken for deleted then.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from chorus.orchestration.bronze import look_again_transform_score_load
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import BACKGROUND_DEFAULTS
from chorus.orchestration.params import INSTANCE_PARAMS


@dag(
    schedule=CronTriggerTimetable("30 * * * *", timezone="UTC"),
    deadline=deadline(timedelta(hours=1)),
    params=INSTANCE_PARAMS,
    tags=["bronze", "mastodon"],
    doc_md=__doc__,
    **BACKGROUND_DEFAULTS,
)
def bronze_mastodon_remeasure() -> None:
    look_again_transform_score_load("mastodon")


bronze_mastodon_remeasure()
