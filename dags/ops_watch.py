"""# Ops · Watch

Looks every quarter of an hour whether the pipeline is well. Each task is one rule: green and it holds, red and its last
line says in a sentence what is wrong. People are told through `ALARM_CHANNELS`, once an hour at most, and once more when
it is well again.

| | |
|---|---|
| Rules | silence, failing, freshness, breakers, dead_letters, errors, quality, partitions, disk, model_host, late_layers, webhook |
| Thresholds | `THRESHOLDS`; what each rule means and what to do stands in `docs/operations.md` |
| Shows | each rule with its sentence, green or red: the page Chorus in the navigation |
| Remembers | `ops.watch_state`: what was found last, since when |
| Cannot see | a scheduler that stands still: let cron run `chorus healthcheck` |

**When it fails**

- A red task is a broken rule, not a broken task: do what its entry says; the next look turns it green.
- Anything but `NeedsAttention` in its log is a fault of the watch itself.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import LATER_DEFAULTS
from chorus.orchestration.watch import watch_everything


@dag(
    # Not on the quarters themselves, where the waves begin; and without a start, or it would run at once.
    schedule=CronTriggerTimetable("7-59/15 * * * *", timezone="UTC"),
    deadline=deadline(timedelta(minutes=14)),
    tags=["ops"],
    doc_md=__doc__,
    **{**LATER_DEFAULTS, "start_date": None},
)
def ops_watch() -> None:
    watch_everything()


ops_watch()
