#!/usr/bin/env python3
"""`make status`: whether Chorus runs here, where, and how Airflow's parts are."""

import json
import sys
from pathlib import Path

import requests

from chorus.stack.run_folder import RunFolder

NOT_HERE = "Chorus does not run here; `make run` starts it."


def status(lock: Path) -> str:
    """A line a part; exits with a sentence where there is nothing to ask."""
    try:
        address = json.loads(lock.read_text())["address"]
    except (FileNotFoundError, ValueError):
        sys.exit(NOT_HERE)
    if not address:
        sys.exit("Chorus is still starting here, or was stopped while it did.")
    session = requests.Session()
    session.trust_env = False
    try:
        health = session.get(f"{address}/api/v2/monitor/health", timeout=10).json()
    except requests.RequestException:
        sys.exit(NOT_HERE)
    return "\n".join(
        [address, *(f"{part:<14} {how['status']}" for part, how in health.items())]
    )


if __name__ == "__main__":
    print(status(RunFolder().lock))  # noqa: T201 - what people asked for
