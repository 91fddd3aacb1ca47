"""The whole way of a subreddit in one process: ADDRESS, DSN; prints what it loaded and what that took."""

import sys
from datetime import UTC, datetime, timedelta

from benchmarks._measure import used_by_this_process
from benchmarks._reddit_server import AT
from chorus.config import Settings
from chorus.domain.window import Window
from chorus.pipelines.extract import extract
from chorus.pipelines.runs import open_run
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending
from chorus.warehouse.connection import connect

RUN = "bench/1"


def main(url: str, dsn: str) -> int:
    settings = Settings(_env_file=None, database_url=dsn)
    target = {
        "source": "reddit",
        "subreddit": "bench",
        "base_url": url,
        "comment_budget": None,
        "instance": "reddit.bench",
    }
    begin = datetime.fromtimestamp(AT, UTC)
    window = Window(begin - timedelta(days=1), begin + timedelta(days=1))
    with connect(settings) as connection:
        open_run(connection, settings, RUN)
        extract(connection, settings, target, window, RUN)
        transform_pending(connection, settings, RUN, [])
        load_silver(connection, settings, RUN)
        row = connection.execute("select count(*) from dim_facts.thread_replies").fetchone()
    return int(str(row[0])) if row else 0


if __name__ == "__main__":
    used_by_this_process(main(*sys.argv[1:]))
