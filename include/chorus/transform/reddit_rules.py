"""What must be so for a post of Reddit to be taken in; a score below zero is fine.

pandas and pandera are imported inside: what only parses or cleans does not pay for them.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from chorus.transform.rows import Post

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

SOURCE = "reddit"


@cache
def hard_rules() -> "DataFrameSchema":
    from pandera.pandas import Check, Column, DataFrameSchema

    def holds(rule: str) -> "Column":
        return Column(bool, Check.eq(value=True, error=rule))

    return DataFrameSchema(
        {
            "has_id": holds("its id is neither t1_ nor t3_ and a number"),
            "has_subreddit": holds("it names no subreddit"),
            "has_title": holds("the submission has no title"),
            "has_parent": holds("the comment does not say what it answers"),
            "replies_count": Column(
                "Int64", Check.ge(0, error="num_comments is negative"), nullable=True
            ),
        }
    )


def facts(posts: Sequence[Post]) -> "pd.DataFrame":
    """Of Reddit's posts among them, by their place in the list."""
    import pandas as pd

    ours = {row: post for row, post in enumerate(posts) if post.source == SOURCE}
    return pd.DataFrame(
        {
            "has_id": [_has_id(post) for post in ours.values()],
            "has_subreddit": [bool(post.source_id) for post in ours.values()],
            "has_title": [
                post.event_type != "submission" or post.is_deleted or bool(post.content_text)
                for post in ours.values()
            ],
            "has_parent": [
                post.event_type != "comment" or post.in_reply_to_id is not None
                for post in ours.values()
            ],
            "replies_count": pd.array(
                [post.replies_count for post in ours.values()], dtype="Int64"
            ),
        },
        index=list(ours),
    )


def _has_id(post: Post) -> bool:
    kind, _, number = post.post_id.partition("_")
    return kind in {"t1", "t3"} and number.isalnum()
