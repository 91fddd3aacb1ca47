"""The whole way of some subreddits, read side by side in one process: ADDRESS, DSN, HOW_MANY; prints what that took."""

import sys
from datetime import UTC, datetime, timedelta

from benchmarks._measure import used_by_this_process
from benchmarks._reddit_server import AT
from chorus.config import Settings
from chorus.domain.window import Window
from chorus.pipelines.extract_together import extract_all
from chorus.pipelines.runs import open_run
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending
from chorus.warehouse.connection import connect

RUN = "bench/1"


def main(url: str, dsn: str, subreddits: int) -> int:
    settings = Settings(_env_file=None, database_url=dsn)
    where = {"source": "reddit", "base_url": url, "instance": "reddit.bench"}
    targets = [
        {"name": f"bench{number}", "listings": ["new"], "comment_budget": None, **where}
        for number in range(subreddits)
    ]
    begin = datetime.fromtimestamp(AT, UTC)
    window = Window(begin - timedelta(days=1), begin + timedelta(days=1))
    with connect(settings) as connection:
        open_run(connection, settings, RUN)
        for _, ended in extract_all(connection, settings, targets, window, RUN):
            if isinstance(ended, Exception):
                raise ended
        transform_pending(connection, settings, RUN, [])
        load_silver(connection, settings, RUN)
        row = connection.execute("select count(*) from dim_facts.thread_replies").fetchone()
    return int(str(row[0])) if row else 0


if __name__ == "__main__":
    used_by_this_process(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
