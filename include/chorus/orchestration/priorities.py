"""Who gets a free slot first: what reads the present, then whatever catches up on the past.

A pool hands its slots to the task of the highest weight, so a week's backfill takes what the current hour leaves. The
weight of a DAG's tasks (`priority_weight`) says how much it matters; the run says whether it is the present.
"""

from typing import TYPE_CHECKING

from airflow.task.priority_strategy import PriorityWeightStrategy

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance

PRESENT = 10
LATER = 1  # for DAGs that measure again, replay or look after things
AHEAD = 100
BACKFILL = "backfill__"  # how Airflow names the runs of one


class PresentFirst(PriorityWeightStrategy):
    """Registered by the plugin; the default arguments name it for every task."""

    def get_weight(self, ti: "TaskInstance") -> int:
        weight = ti.task.priority_weight if ti.task else LATER
        return weight if ti.run_id.startswith(BACKFILL) else weight * AHEAD


PRESENT_FIRST = f"{PresentFirst.__module__}.{PresentFirst.__qualname__}"
