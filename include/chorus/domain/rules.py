"""Every rule by which people are told of trouble: its name, what it means, what to do about it.

Numbers stand in `thresholds.py`, entries for people in docs/operations.md; a test holds the two together.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    means: str
    advice: str


FAILURE = Rule(
    "failure",
    "A task gave up.",
    "The error's sentence says what to do; then clear the task, and the run goes on from there.",
)
DEADLINE = Rule(
    "deadline",
    "A run is not done in its time.",
    "Look at the tasks that are not done: queued ones wait for a slot of their pool, running ones "
    "say in their log what they wait for.",
)
WAREHOUSE = Rule(
    "warehouse",
    "PostgreSQL does not let us in.",
    "See whether it runs (`make logs`), then DATABASE_* in .env.",
)
SILENCE = Rule(
    "silence",
    "Nothing was ingested for two hours, or for two windows where they are longer.",
    "See whether the scheduler runs (`make status`), whether the bronze DAGs are paused, and what their last runs say.",
)
FAILING = Rule(
    "failing",
    "A DAG failed three times in a row.",
    "Read the red task of its last run; mend that, and clear the runs that failed.",
)
FRESHNESS = Rule(
    "freshness",
    "An instance was not read for two windows.",
    "Read the log of its extract task; ops.source_state.last_error says what it said last.",
)
BREAKERS = Rule(
    "breakers",
    "An instance failed five times in a row and is left alone for ten minutes.",
    "Nothing, unless it lasts: see whether it answers a browser.",
)
DEAD_LETTERS = Rule(
    "dead_letters",
    "More than a hundred payloads could not be taken in.",
    "bronze.dead_letters says of each what is wrong with it; one error_class usually explains them all.",
)
ERRORS = Rule(
    "errors",
    "More than 10 % of the steps that ended within five minutes failed.",
    "bronze.pipeline_steps says which, with the error's class and its sentence.",
)
QUALITY = Rule(
    "quality",
    "The last run of a source scored below 80 of 100.",
    "ops.quality_results says which measure of that run did not pass.",
)
PARTITIONS = Rule(
    "partitions",
    "There is no partition for the coming week.",
    "`make verify` says what is missing; the sentence says why it could not be made.",
)
DISK = Rule(
    "disk",
    "A disk that we write to is almost full.",
    "Make room: PostgreSQL stops when it cannot write.",
)
MODEL_HOST = Rule(
    "model_host",
    "Posts wait for the model longer than two hours.",
    "Read the log of the last `score` task, and of the model's host that it names.",
)
LATE_LAYERS = Rule(
    "late_layers",
    "Silver or gold is behind bronze by more than its deadline.",
    "See whether silver_star and gold_views are paused or red; trigger them, they load whatever is pending.",
)
WEBHOOK = Rule(
    "webhook",
    "Discord's webhook is missing or was revoked.",
    "Make a new one (Integrations, Webhooks) and set DISCORD_WEBHOOK_URL.",
)

# In the order in which ops_watch shows them.
WATCHED = (
    SILENCE,
    FAILING,
    FRESHNESS,
    BREAKERS,
    DEAD_LETTERS,
    ERRORS,
    QUALITY,
    PARTITIONS,
    DISK,
    MODEL_HOST,
    LATE_LAYERS,
    WEBHOOK,
)
RULES = {rule.name: rule for rule in (FAILURE, DEADLINE, WAREHOUSE, *WATCHED)}
