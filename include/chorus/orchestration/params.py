"""What the trigger form asks for, with types, descriptions and what is allowed."""

from airflow.sdk import Param

# What ends a pattern in Python and in JavaScript alike: $ alone would let a newline pass in Python.
END = r"$(?!\n)"
INSTANCE = r"^[A-Za-z0-9.-]+(:\d+)?" + END
SUBREDDIT = r"^(r/)?[A-Za-z0-9_]+" + END
HASHTAG = r"^#?[\w·・]+" + END
# As the form writes it, or as people do; Airflow itself looks at no format.
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?"
MOMENT = rf"^{DAY}([T ]{CLOCK})?" + END


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
        default=None,
        type=["null", "string"],
        format="date-time",
        pattern=MOMENT,
        description_md=description,
    )


def _name(description: str) -> Param:
    return Param(
        default=None,
        type=["null", "string"],
        minLength=1,
        maxLength=500,
        description_md=description,
    )


WINDOW_PARAMS = {
    "hours": _length(24 * 366, "Look back this many hours from the end of the window."),
    "days": _length(366, "Or this many days."),
    "since": _moment("Or read from this moment on (UTC, inclusive)."),
    "until": _moment("End of the window (UTC, exclusive); when the run was due if empty."),
}

INSTANCE_PARAMS = {
    "instances": _list_of(
        INSTANCE, "Only these of the configured instances, one a line; all if empty."
    ),
}

SOURCE_PARAMS = {
    **INSTANCE_PARAMS,
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

REPLAY_PARAMS = {
    "what": Param(
        default="dead_letters",
        type="string",
        enum=["dead_letters", "window", "run"],
        description_md="What is taken in again.",
    ),
    "dry_run": Param(
        default=True,
        type="boolean",
        description_md="Only count, in the log of the first task; switch it off to do it.",
    ),
    "from": _moment(
        "Of a window: posts created from this moment on; of dead letters: met from then on (UTC, inclusive)."
    ),
    "to": _moment("And before this one (UTC, exclusive)."),
    "layers": Param(
        default=["bronze"],
        type="array",
        items={"type": "string", "enum": ["bronze", "mood", "silver", "gold"]},
        description_md="Of a window: what is made anew, one a line: bronze, mood, silver, gold.",
    ),
    "source": _name("Only what is of this platform, as in mastodon."),
    "run": _name("The run, or the run that met the letters, as `pipeline_run_id` has it."),
    "reason": _name("Of dead letters: the class of their error, as in QualityRule."),
    "stage": Param(
        default=None,
        type=["null", "string"],
        enum=[None, "extract", "transform", "score"],
        description_md="Of dead letters: the step that refused them.",
    ),
}
