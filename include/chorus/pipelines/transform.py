"""Transform: raw events that nobody has taken in yet become observations, the 49-column table, and pending work.

A batch is one transaction: claim, output and mark together. So many workers may run at once, each raw event is taken in
exactly once, and a process that is killed leaves nothing half done. What PostgreSQL does not take of a batch is found by
halving it, and becomes a dead letter: everything else waits behind what nobody can write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from psycopg import errors

from chorus.config import Settings
from chorus.pipelines.sources import rules_of, shape_of
from chorus.transform.clean import Cleaned, clean
from chorus.transform.rows import Account, Event, Letter, Post
from chorus.warehouse import load_queues, observations, redaction, toots
from chorus.warehouse.connection import COLLISIONS, FLAWS, Connection, retrying

BATCH_SIZE = 2_000
# How long one batch of somebody else's is waited for; a worker that hangs holds up nobody for longer.
PATIENCE = "set local lock_timeout = '1min'"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformCounts:
    """What became of the raw events that were claimed."""

    claimed: int = 0
    posts: int = 0
    accounts: int = 0
    boosts: int = 0
    rejected: int = 0
    duplicates: int = 0
    to_score: int = 0

    def __add__(self, other: "TransformCounts") -> "TransformCounts":
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return TransformCounts(**sums)


def transform_pending(
    connection: Connection,
    settings: Settings,
    run_id: str,
    model_keys: Sequence[str],
    batch_size: int = BATCH_SIZE,
) -> TransformCounts:
    """Take in every raw event that waits, batch by batch; each batch commits on its own.

    What others are at is waited for: it may be what this run read, and who comes after would find nothing of it.
    """
    total = TransformCounts()
    while True:
        counts = retrying(settings, COLLISIONS)(
            transform_batch, connection, settings, run_id, model_keys, batch_size
        )
        if not counts.claimed and not _given_back(connection, settings):
            return total
        total += counts


def _given_back(connection: Connection, settings: Settings) -> bool:
    """Whether others left some of what they had claimed."""
    try:
        with connection.transaction():
            connection.execute(PATIENCE)
            return observations.await_others(connection, settings)
    except errors.LockNotAvailable:
        return False


def transform_batch(
    connection: Connection,
    settings: Settings,
    run_id: str,
    model_keys: Sequence[str],
    batch_size: int,
) -> TransformCounts:
    """Take in one batch and commit it; what fails is rolled back and can be tried again."""
    try:
        events = [
            Event._make(row) for row in observations.claim(connection, settings, batch_size)
        ]
        counts = TransformCounts()
        if events:
            if settings.redact_deleted:
                redaction.take_turns(connection, settings, {event.source for event in events})
            counts = _take_in(connection, settings, run_id, model_keys, events)
            keys = [(event.raw_event_id, event.occurred_at) for event in events]
            observations.mark_processed(connection, settings, keys)
            if settings.redact_deleted:
                redaction.redact_gone(connection, settings, keys)
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise
    connection.commit()
    return counts


def _take_in(
    connection: Connection,
    settings: Settings,
    run_id: str,
    model_keys: Sequence[str],
    events: Sequence[Event],
) -> TransformCounts:
    """Take in what PostgreSQL takes, and reject the rest."""
    try:
        with connection.transaction():
            weights = settings.engagement_weights
            cleaned = clean(events, weights, shape_of=shape_of, rules_of=rules_of)
            written = _write(connection, settings, run_id, model_keys, cleaned)
            _repeat(connection, settings, run_id, cleaned)
            observations.reject(connection, settings, run_id, cleaned.letters)
            return written + _counts(events, cleaned)
    except FLAWS as error:
        if len(events) == 1:
            said = type(error).__name__, str(error).splitlines()[0]
            letter = Letter(events[0].raw_event_id, events[0].occurred_at, *said)
            observations.reject(connection, settings, run_id, [letter])
            return TransformCounts(claimed=1, rejected=1)
    middle = len(events) // 2
    first = _take_in(connection, settings, run_id, model_keys, events[:middle])
    return first + _take_in(connection, settings, run_id, model_keys, events[middle:])


def _write(
    connection: Connection,
    settings: Settings,
    run_id: str,
    model_keys: Sequence[str],
    cleaned: Cleaned,
) -> TransformCounts:
    """Observations, the 49-column table and the queues; counts what only the warehouse knows."""
    known = TransformCounts()
    if cleaned.posts:
        observations.stage_posts(connection, settings, Post._fields, cleaned.posts)
        uris = observations.insert_posts(connection, settings, run_id)
        load_queues.enqueue_posts_to_load(connection, settings, uris)
        to_score = toots.show_latest(connection, settings, run_id)
        load_queues.enqueue_posts_to_score(connection, settings, to_score, model_keys)
        duplicates = observations.count_duplicates(connection, settings)
        known = TransformCounts(to_score=len(to_score), duplicates=duplicates)
    if cleaned.accounts:
        uris = observations.insert_accounts(
            connection, settings, run_id, Account._fields, cleaned.accounts
        )
        load_queues.enqueue_accounts_to_load(connection, settings, uris)
    return known


def _repeat(connection: Connection, settings: Settings, run_id: str, cleaned: Cleaned) -> None:
    """What was emptied since it was first taken in has been seen again; what never was taken in is a letter."""
    if not cleaned.emptied:
        return
    looks = [(event.raw_event_id, event.seen_again_at) for event in cleaned.emptied]
    known = observations.repeat_posts(connection, settings, run_id, looks)
    load_queues.enqueue_posts_to_load(connection, settings, set(known.values()))
    cleaned.letters.extend(
        Letter(event.raw_event_id, event.occurred_at, "Unfit", "its payload is empty")
        for event in cleaned.emptied
        if event.raw_event_id not in known
    )


def _counts(events: Sequence[Event], cleaned: Cleaned) -> TransformCounts:
    return TransformCounts(
        claimed=len(events),
        posts=len(cleaned.posts),
        accounts=len(cleaned.accounts),
        boosts=cleaned.boosts,
        rejected=len(cleaned.letters),
    )
