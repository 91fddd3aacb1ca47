"""What every DAG here has in common."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chorus.orchestration.deadlines import mail_failure
from chorus.orchestration.priorities import LATER, PRESENT, PRESENT_FIRST
from chorus.orchestration.retries import RetryByName

DAG_DEFAULTS: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {
        "owner": "chorus",
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": RetryByName(),
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": mail_failure,
        "priority_weight": PRESENT,
        "weight_rule": PRESENT_FIRST,
    },
}

# Without a start a schedule beside assets waits for its next tick; with one it would run at once, in the middle of
# everybody's start, and find nothing to do.
LISTENER_DEFAULTS: dict[str, Any] = {**DAG_DEFAULTS, "start_date": None}

# What looks after things comes after the wave.
LATER_DEFAULTS: dict[str, Any] = {
    **DAG_DEFAULTS,
    "default_args": {**DAG_DEFAULTS["default_args"], "priority_weight": LATER},
}

# What can wait: it runs when nothing else wants the worker, the model or the warehouse.
BACKGROUND_DEFAULTS: dict[str, Any] = {
    **LISTENER_DEFAULTS,
    "default_args": {**DAG_DEFAULTS["default_args"], "priority_weight": 0},
}
