"""The obvious way: asyncpraw's forest with nothing left folded, and a frame into a table. ADDRESS, DSN, HOW_MANY."""

import asyncio
import sys
from typing import Any

import asyncpraw
import pandas as pd  # noqa: TID253 - a process of its own
from sqlalchemy import create_engine

from benchmarks._measure import used_by_this_process


async def read(url: str, subreddits: int) -> list[dict[str, Any]]:
    rows = []
    async with asyncpraw.Reddit(
        client_id="x",
        client_secret="x",
        user_agent="benchmark",
        reddit_url=url,
        oauth_url=url,
        check_for_updates=False,
    ) as reddit:
        named = [await reddit.subreddit(f"bench{number}") for number in range(subreddits)]
        listed = [one for subreddit in named async for one in subreddit.new(limit=None)]
        for submission in listed:
            await submission.load()
            await submission.comments.replace_more(limit=None)
            rows += [
                {
                    "id": comment.id,
                    "parent_id": comment.parent_id,
                    "author": str(comment.author),
                    "body": comment.body,
                    "score": comment.score,
                    "created_utc": comment.created_utc,
                }
                for comment in submission.comments.list()
            ]
    return rows


def main(url: str, dsn: str, subreddits: int) -> int:
    frame = pd.DataFrame(asyncio.run(read(url, subreddits)))
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"))
    frame.to_sql("comments", engine, schema="bronze", if_exists="replace", index=False)
    with engine.connect() as connection:
        counted = connection.exec_driver_sql("select count(*) from bronze.comments")
        return int(counted.scalar_one())


if __name__ == "__main__":
    used_by_this_process(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
