"""A looker of its own, for tests that kill it: says when it is about to keep a page, and waits.

Usage: python look_slowly.py <settings as JSON> <target as JSON> <how many pages to keep before>
"""

import json
import sys
import time
from typing import Any

from chorus.config import Settings
from chorus.pipelines import look_again
from chorus.warehouse.connection import connect


def main() -> None:
    settings = Settings(_env_file=None, **json.loads(sys.argv[1]))
    target, pages = json.loads(sys.argv[2]), int(sys.argv[3])
    real, kept = look_again.keep, []

    def paused(*arguments: Any) -> Any:
        kept.append(arguments)
        if len(kept) > pages:
            print("here", flush=True)  # noqa: T201 - the test waits for it
            time.sleep(60)
        return real(*arguments)

    look_again.keep = paused
    with connect(settings) as connection:
        look_again.look_again(connection, settings, target, "killed")


if __name__ == "__main__":
    main()
