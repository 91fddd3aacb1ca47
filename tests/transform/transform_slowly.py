"""A worker of its own, for tests that kill it: takes in what waits, saying when it is in the middle of a batch.

Usage: python transform_slowly.py <settings as JSON> <the function to pause before>
"""

import json
import sys
import time
from typing import Any

from chorus.config import Settings
from chorus.pipelines import transform
from chorus.warehouse import load_queues, observations, toots
from chorus.warehouse.connection import connect

PLACES = {
    "clean": (transform, "clean"),
    "stage": (observations, "stage_posts"),
    "insert": (observations, "insert_posts"),
    "show": (toots, "show_latest"),
    "enqueue": (load_queues, "enqueue_posts_to_score"),
    "accounts": (observations, "insert_accounts"),
    "reject": (observations, "reject"),
    "mark": (observations, "mark_processed"),
}


def main() -> None:
    settings = Settings(_env_file=None, **json.loads(sys.argv[1]))
    module, name = PLACES[sys.argv[2]]
    real = getattr(module, name)

    def paused(*arguments: Any, **named: Any) -> Any:
        print("here", flush=True)  # noqa: T201 - the test waits for it
        time.sleep(60)
        return real(*arguments, **named)

    setattr(module, name, paused)
    with connect(settings) as connection:
        transform.transform_pending(connection, settings, "killed", ["model"], batch_size=5)


if __name__ == "__main__":
    main()
