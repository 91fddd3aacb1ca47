"""# Bronze · Reddit

Reads every configured subreddit with the whole comment trees of what it lists, keeps each submission and comment
untouched in `bronze.raw_events`, cleans it into observations and lets the model read its mood.

| | |
|---|---|
| Targets | `reddit` in `include/targets.yaml`: listings, searches, limits, comment budget, minimum score; one mapped task per subreddit, four of its trees at a time |
| Credentials | `REDDIT_CLIENT_ID` and `REDDIT_CLIENT_SECRET` in `.env`, else login and password of the Airflow connection `chorus_reddit`; read-only; without them the run is skipped and its first task says so |
| Window | six hours: submissions created in it, with the comments they have by then, and every comment written in it, however old its submission (the listing `comments`). hot, rising and top are what they are now |
| Backfill | as far as Reddit lists, which is 1,000 submissions and 1,000 comments, and some 250 of a search; where a window lies beyond, the task's log and counts say so |
| Limits | 100 requests a minute for one app: the `reddit` pool, paced by the x-ratelimit headers; the model: the `model` pool, a slot for each of `SENTIMENT_SHARDS` |
| Wakes | `silver_star` |

**When it fails**

- `SourceUnavailable` tries again by itself, when Reddit says so, and goes on after the last comment tree that it
  kept; what was still missed, the next runs of a day read as well.
- `SourceRefused` needs a person: the credentials, or a subreddit that is private.
- `SourceGone` means that a subreddit is banned or misspelt: mend `targets.yaml`.
- A 429 is about the app, so every subreddit waits as long as Reddit says; what one subreddit answers (403, 404, 500, half an
  answer) is its own affair.
- `SourceIncomplete` means that some threads are ill and all else is read: the next tries, and the next runs, ask for those alone.
- One red subreddit holds nothing back. Clear that task: it reads the same window again, and nothing is doubled.
"""

from datetime import timedelta

from airflow.sdk import CronDataIntervalTimetable, dag

from chorus.orchestration.bronze import extract_transform_score_load
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import DAG_DEFAULTS
from chorus.orchestration.params import SUBREDDIT_PARAMS


@dag(
    schedule=CronDataIntervalTimetable("0 */6 * * *", timezone="UTC"),
    deadline=deadline(timedelta(hours=2)),
    params=SUBREDDIT_PARAMS,
    tags=["bronze", "reddit"],
    doc_md=__doc__,
    **{**DAG_DEFAULTS, "max_active_runs": 4},
)
def bronze_reddit() -> None:
    extract_transform_score_load("reddit")


bronze_reddit()
