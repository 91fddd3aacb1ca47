"""# Bronze · Mastodon

Reads every configured timeline of Mastodon and its kin for one window, keeps each answer untouched in
`bronze.raw_events`, cleans it into observations and lets the model read its mood.

| | |
|---|---|
| Targets | `include/targets.yaml`, or `MASTODON_BASE_URL` and `HASHTAG` in `.env`; one mapped task per instance and timeline |
| Window | the past hour, on the hour; a manual run without params looks `TIME_PERIOD_VALUE` `TIME_PERIOD_UNIT` back |
| Once more | at noon, UTC, the whole day before of each hashtag, for what was fetched after its hours were read |
| Backfill | yes: the window is the data interval. Old windows stay silent on Discord |
| Limits | 300 requests per 5 minutes and instance: the `mastodon` pool; the model: the `model` pool, a slot for each of `SENTIMENT_SHARDS` |
| Wakes | `silver_star` |

**When it fails**

- `SourceUnavailable` tries again by itself, when the server says so; what was still missed, the next runs of a day read as well.
- `SourceRefused` needs a person: a token, or another target.
- `SourceChanged` means the API answers in a new shape, or something before it does: the next runs try that window again, too.
- `SourceEndless`: a window took 10,000 pages or six hours; read it in shorter ones.
- One red target holds nothing back. Clear that task: it reads the same window again, and nothing is doubled.
"""

from datetime import timedelta

from airflow.sdk import CronDataIntervalTimetable, dag

from chorus.orchestration.bronze import extract_transform_score_load
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import DAG_DEFAULTS
from chorus.orchestration.params import SOURCE_PARAMS


@dag(
    schedule=CronDataIntervalTimetable("0 * * * *", timezone="UTC"),
    deadline=deadline(timedelta(minutes=45)),
    params=SOURCE_PARAMS,
    tags=["bronze", "mastodon"],
    doc_md=__doc__,
    **{**DAG_DEFAULTS, "max_active_runs": 4},
)
def bronze_mastodon() -> None:
    extract_transform_score_load("mastodon")


bronze_mastodon()
