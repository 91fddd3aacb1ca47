"""What a submission or comment must say of itself to be taken in; a score below zero is fine.

The columns are fields of the payload as Reddit sent it, and `observed_at`. pandera is imported inside: what only reads
does not pay for it.
"""

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import Column, DataFrameSchema

# Clocks differ by as much.
AHEAD = 300
SUBMISSION, COMMENT = re.compile(r"t3_[0-9A-Za-z]+"), re.compile(r"t1_[0-9A-Za-z]+")
EITHER = re.compile(r"t[13]_[0-9A-Za-z]+")


@cache
def rules(event_type: str) -> "DataFrameSchema | None":
    """None for an author, of whom Reddit says nothing but the name."""
    if event_type == "submission":
        return _of_both().add_columns(
            {
                "name": _named(SUBMISSION, "its id is not t3_ and a number"),
                "title": _column(_says_something, "the submission has no title"),
                "num_comments": _column(_is_no_debt, "num_comments is negative"),
            }
        )
    if event_type == "comment":
        return _of_both().add_columns(
            {
                "name": _named(COMMENT, "its id is not t1_ and a number"),
                "parent_id": _named(EITHER, "the comment does not say what it answers"),
                "link_id": _named(
                    SUBMISSION, "the comment does not say to which submission it belongs"
                ),
            }
        )
    return None


def _of_both() -> "DataFrameSchema":
    from pandera.pandas import Check, Column, DataFrameSchema

    return DataFrameSchema(
        {
            "subreddit": _column(_says_something, "it names no subreddit"),
            "created_utc": _column(_is_number, "created_utc is no time"),
            "observed_at": Column(None, nullable=True),
        },
        checks=Check(
            _was_created_by_then,
            error=f"created_utc is more than {AHEAD // 60} minutes after it was observed",
        ),
    )


def _column(holds: Any, rule: str) -> "Column":
    from pandera.pandas import Check, Column

    check = Check(holds, element_wise=True, ignore_na=False, error=rule)
    return Column(None, check, nullable=True)


def _named(pattern: re.Pattern[str], rule: str) -> "Column":
    return _column(
        lambda value: isinstance(value, str) and bool(pattern.fullmatch(value)), rule
    )


def _says_something(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_no_debt(value: Any) -> bool:
    """Where Reddit does not say how many comments there are, it says nothing wrong."""
    return not _is_number(value) or not value < 0


def _was_created_by_then(looks: "pd.DataFrame") -> "pd.Series[bool]":
    import pandas as pd

    def holds(created: Any, seen: datetime) -> bool:
        return not _is_number(created) or created <= seen.timestamp() + AHEAD

    told = zip(looks["created_utc"], looks["observed_at"], strict=True)
    return pd.Series([holds(*one) for one in told], index=looks.index, dtype=bool)
