#!/usr/bin/env python3
"""`python ops/healthy.py scheduler`: whether a part of Airflow is alive, asked of the API server.

Containers are asked every half a minute: Airflow's own `airflow jobs check` would cost seconds of CPU each time.
"""

import json
import sys
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

HEALTH = "http://api-server:8080/api/v2/monitor/health"
PATIENCE = 8


def complaint(part: str, health: str) -> str | None:
    """What is wrong with that part; None when it is alive."""
    try:
        with build_opener(ProxyHandler({})).open(health, timeout=PATIENCE) as answer:
            status = json.load(answer)[part]["status"]
    except (URLError, TimeoutError) as error:
        return f"The API server does not answer: {error}."
    return None if status == "healthy" else f"{part} is {status}."


if __name__ == "__main__":
    sys.exit(complaint(sys.argv[1], *(sys.argv[2:] or [HEALTH])))
