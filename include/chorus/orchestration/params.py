"""What the trigger form asks for, with types, descriptions and what is allowed."""

from airflow.sdk import Param

INSTANCE = r"^[A-Za-z0-9.-]+(:\d+)?$"
SUBREDDIT = r"^(r/)?[A-Za-z0-9_]+$"
HASHTAG = r"^#?[\w·・]+$"


def _list_of(pattern: str, description: str) -> Param:
    return Param(
        default=None,
        type=["null", "array"],
        items={"type": "string", "pattern": pattern},
        description_md=description,
    )


def _length(maximum: int, description: str) -> Param:
    return Param(
        default=None,
        type=["null", "integer"],
        minimum=1,
        maximum=maximum,
        description_md=description,
    )


def _moment(description: str) -> Param:
    return Param(
        default=None, type=["null", "string"], format="date-time", description_md=description
    )


WINDOW_PARAMS = {
    "hours": _length(24 * 366, "Look back this many hours from the end of the window."),
    "days": _length(366, "Or this many days."),
    "since": _moment("Or read from this moment on (UTC, inclusive)."),
    "until": _moment("End of the window (UTC, exclusive); when the run was due if empty."),
}

SOURCE_PARAMS = {
    "instances": _list_of(
        INSTANCE, "Only these of the configured instances, one a line; all if empty."
    ),
    "hashtags": _list_of(
        HASHTAG, "These hashtags instead of the configured ones, one a line, # or not."
    ),
    **WINDOW_PARAMS,
}

SUBREDDIT_PARAMS = {
    "subreddits": _list_of(
        SUBREDDIT, "Only these of the configured subreddits, one a line; all if empty."
    ),
    **WINDOW_PARAMS,
}

ALERT_PARAMS = {
    "since": _moment(
        "Say what happened from this moment on, however long ago (UTC, inclusive)."
    ),
    "until": _moment("Up to this one (UTC, exclusive)."),
}
