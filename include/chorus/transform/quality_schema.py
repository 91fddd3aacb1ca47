"""Every rule of quality. A hard one sends a row to dead_letters; a soft one is counted.

pandas and pandera are imported inside: what only parses or cleans does not pay for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from chorus.transform.rows import Post

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

AHEAD = 300
COUNTS = ("replies_count", "reblogs_count", "favourites_count")
# Reddit's score is a favourites_count and may be negative.
NEVER_NEGATIVE = frozenset({"mastodon"})
SOFT = {
    "confidence_in_range": "a confidence lies between 0 and 1",
    "edited_after_created": "a post is edited after it was created",
    "media_counted": "media_count is the number of media listed",
    "reply_has_parent": "a reply says what it answers",
}


@cache
def hard_rules() -> "DataFrameSchema":
    from pandera.pandas import Check, Column, DataFrameSchema

    ahead = f"created_at is more than {AHEAD // 60} minutes after it was observed"
    return DataFrameSchema(
        {
            "post_id": Column(object, Check.ne("", error="it has no id")),
            "uri": Column(object, Check.ne("", error="it has no uri")),
            "seconds_ahead": Column(float, Check.le(AHEAD, error=ahead)),
            "says_something": Column(
                bool, Check.eq(value=True, error="it has neither text nor media")
            ),
            **{
                name: Column("Int64", Check.ge(0, error=f"{name} is negative"), nullable=True)
                for name in COUNTS
            },
        }
    )


@cache
def soft_rules() -> "DataFrameSchema":
    from pandera.pandas import Check, Column, DataFrameSchema

    return DataFrameSchema(
        {name: Column(bool, Check.eq(value=True, error=name)) for name in SOFT}
    )


def refused(posts: Sequence[Post]) -> dict[int, str]:
    """Where in the list a post breaks a hard rule, and which ones it breaks."""
    reasons: dict[int, str] = {}
    if posts:
        for row, rule in _broken(hard_rules(), _facts(posts)):
            reasons[row] = f"{reasons[row]}; {rule}" if row in reasons else rule
    return reasons


def flaws(facts: Mapping[str, Sequence[bool]]) -> dict[str, int]:
    """How many rows break each soft rule; the facts say, rule by rule, whether a row keeps it."""
    import pandas as pd

    broken = [rule for _, rule in _broken(soft_rules(), pd.DataFrame(facts, dtype=bool))]
    return {rule: broken.count(rule) for rule in SOFT}


def _facts(posts: Sequence[Post]) -> "pd.DataFrame":
    import pandas as pd

    counts = {
        name: [getattr(post, name) if post.source in NEVER_NEGATIVE else None for post in posts]
        for name in COUNTS
    }
    return pd.DataFrame(
        {
            "post_id": pd.Series([post.post_id for post in posts], dtype=object),
            "uri": pd.Series([post.uri for post in posts], dtype=object),
            "seconds_ahead": [
                (post.created_at - post.observed_at).total_seconds() for post in posts
            ],
            "says_something": [_says_something(post) for post in posts],
            **{name: pd.array(values, dtype="Int64") for name, values in counts.items()},
        }
    )


def _says_something(post: Post) -> bool:
    return bool(post.is_deleted or post.media_count or post.input_hash or post.spoiler_text)


def _broken(schema: "DataFrameSchema", frame: "pd.DataFrame") -> Iterable[tuple[int, str]]:
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as found:
        cases: Any = found.failure_cases
        return [
            (int(row), str(rule))
            for row, rule in zip(cases["index"], cases["check"], strict=True)
        ]
    return []
