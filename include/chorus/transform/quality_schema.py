"""Every rule of quality that holds for all sources. A hard one sends a row to dead_letters; a soft one is counted.

pandas and pandera are imported inside: what only parses or cleans does not pay for them.
"""

from collections.abc import Mapping, Sequence
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
# What a complete post has; servers may leave each of them out.
WANTED = ("url", "visibility", "language", "account_acct", *COUNTS)


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
                name: Column(float, Check.ge(0, error=f"{name} is negative"), nullable=True)
                for name in COUNTS
            },
        }
    )


@cache
def soft_rules() -> "DataFrameSchema":
    from pandera.pandas import Check, DataFrameSchema

    return DataFrameSchema(
        checks=[
            Check(
                lambda look: (
                    look["language_confidence"].fillna(0).between(0, 1)
                    & look["sentiment_confidence"].fillna(0).between(0, 1)
                ),
                error="confidence_in_range",
            ),
            Check(
                lambda look: ~(look["edited_at"] < look["created_at"]),
                error="edited_after_created",
            ),
            Check(
                lambda look: look["media_count"].eq(look["media_listed"]),
                error="media_counted",
            ),
            Check(
                lambda look: ~look["is_reply"] | look["in_reply_to_id"].notna(),
                error="reply_has_parent",
            ),
        ]
    )


def refused(posts: Sequence[Post]) -> dict[int, str]:
    """Where in the list a post breaks hard rules, and which ones."""
    if not posts:
        return {}
    found = broken(hard_rules(), _facts(posts))
    return {row: "; ".join(rules) for row, rules in found.items()}


def flaws(looks: Mapping[str, Sequence[Any]]) -> tuple[dict[str, int], int]:
    """How many rows break each soft rule, and how many rows break any."""
    import pandas as pd

    frame = pd.DataFrame(dict(looks))
    for name in ("created_at", "edited_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    for name in ("language_confidence", "sentiment_confidence"):
        frame[name] = frame[name].astype(float)
    found = broken(soft_rules(), frame)
    rules = [rule for rules in found.values() for rule in rules]
    names = [str(check.error) for check in soft_rules().checks]
    return {name: rules.count(name) for name in names}, len(found)


def broken(schema: "DataFrameSchema", frame: "pd.DataFrame") -> dict[int, list[str]]:
    """The rules that a row breaks, each once, for the rows that break any."""
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as found:
        cases: Any = found.failure_cases
        named: dict[int, dict[str, None]] = {}
        for row, rule in zip(cases["index"], cases["check"], strict=True):
            named.setdefault(int(row), {})[str(rule)] = None
        return {row: list(rules) for row, rules in named.items()}
    return {}


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
            **{name: pd.Series(values, dtype=float) for name, values in counts.items()},
        }
    )


def _says_something(post: Post) -> bool:
    return bool(post.is_deleted or post.media_count or post.input_hash or post.spoiler_text)
