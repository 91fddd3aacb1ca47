"""# Notify · Discord

Says on Discord what a wave brought: a summary of its window, the most positive and the most negative posts; and, where
the mood is beyond 3 standard deviations of the hours of two weeks, that it is.

| | |
|---|---|
| Wakes on | the gold views |
| Says | each window of a source once, whatever is cleared or run again; several waves that arrived together are one message |
| Stays silent | about windows that ended more than 3 hours before they were read (backfills), unless asked |
| To ask | trigger it with `since` and `until`: it says that window, old or said before |
| Needs | `NOTIFY_VIA_DISCORD=true` and `DISCORD_WEBHOOK_URL`, or the connection `chorus_discord` |

**When it fails**

- `ChannelUnavailable` tries again by itself, when Discord says so.
- A webhook that is switched off, missing or revoked fails nothing: the task is skipped and its log says why.
- A message whose fate is unknown (no answer in time) is not sent twice: its log says so.
"""

from datetime import timedelta

from airflow.sdk import dag

from chorus.orchestration import assets
from chorus.orchestration.alerts import list_news, say
from chorus.orchestration.deadlines import deadline
from chorus.orchestration.defaults import DAG_DEFAULTS
from chorus.orchestration.params import ALERT_PARAMS


@dag(
    schedule=[assets.GOLD_VIEWS],
    deadline=deadline(timedelta(minutes=15)),
    is_paused_upon_creation=False,
    params=ALERT_PARAMS,
    tags=["notify", "discord"],
    doc_md=__doc__,
    **DAG_DEFAULTS,
)
def notify_discord() -> None:
    news = list_news.override(inlets=[assets.GOLD_VIEWS])()
    say.partial(news=news).expand(kind=["summary", "most_positive", "most_negative"])


notify_discord()
