"""# Ops · Replay

Takes in again what could not be taken in, or what was taken in by code that has been mended since: dead letters, a
window, or what a run brought.

| | |
|---|---|
| Wakes on | nothing: a person triggers it, `chorus replay` does the same without Airflow |
| Dry run | first: `dry_run` only counts, and is on unless you switch it off |
| Dead letters | what extract refused goes through the boundary again, what transform refused is cleaned again, what broke a model is read again |
| A window | `bronze` cleans the raw events again, as far as they are kept; `mood` has the models in use read its posts; `silver` loads the posts again; `gold` counts everything anew |
| Twice | changes nothing: only rows of which the code makes something else now are written |
| Wakes | `silver_star`, and the views after it |

**When it fails**

- `ConfigurationError` names the params that do not go together.
- A letter that fails again opens itself once more, with its reason and one more try; the run goes on.
- `WarehouseUnavailable` tries again by itself.
"""

from datetime import timedelta

from airflow.sdk import dag

from chorus.orchestration import assets
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import LATER_DEFAULTS
from chorus.orchestration.params import REPLAY_PARAMS
from chorus.orchestration.replay import count_replay_transform_score_load


@dag(
    schedule=None,
    deadline=deadline(timedelta(hours=2)),
    is_paused_upon_creation=False,
    params=REPLAY_PARAMS,
    tags=["ops"],
    doc_md=__doc__,
    **LATER_DEFAULTS,
)
def ops_replay() -> None:
    count_replay_transform_score_load([*assets.BRONZE.values()])


ops_replay()
