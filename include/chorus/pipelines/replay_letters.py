"""Dead letters, taken in again where they had failed. One that fails again opens itself once more, and counts as a try.

What extract refused goes through the boundary again, as its source's module reads it; what transform refused waits as a
raw event again; what broke a model waits for that model again.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from chorus.config import Settings
from chorus.domain.events import RawEvent, Rejected, take_in
from chorus.pipelines.extract import keep
from chorus.pipelines.forgotten import keep_out
from chorus.pipelines.sinks import write_first
from chorus.pipelines.sources import reread_of
from chorus.sentiment.active import active_model_keys
from chorus.sources.page import Page
from chorus.warehouse import dead_letters, load_queues, requeue
from chorus.warehouse.connection import COLLISIONS, Connection, retrying
from chorus.warehouse.dead_letters import Letter, Wanted

LETTERS_A_BATCH = 500


def count_letters(connection: Connection, wanted: Wanted) -> dict[str, int]:
    """How many open letters of which kind are asked for."""
    kinds = ("stage", "source", "error_class")
    chosen = dead_letters.choose(connection, wanted)
    counted = Counter(" ".join(str(row[name]) for name in kinds) for row in chosen)
    return dict(counted.most_common())


def replay_letters(
    connection: Connection, settings: Settings, wanted: Wanted, run_id: str
) -> Counter[str]:
    """Take the letters in again, some hundred in a transaction; returns how many of what."""
    ids = [row["id"] for row in dead_letters.choose(connection, wanted)]
    connection.commit()
    models = {key.text for key in active_model_keys(settings)}
    totals: Counter[str] = Counter()
    for start in range(0, len(ids), LETTERS_A_BATCH):
        batch = ids[start : start + LETTERS_A_BATCH]
        again = retrying(settings, COLLISIONS)
        totals += again(_replay, connection, settings, batch, models, run_id)
    return totals


def _replay(
    connection: Connection,
    settings: Settings,
    ids: Sequence[int],
    models: set[str],
    run_id: str,
) -> Counter[str]:
    with connection.transaction():
        letters = dead_letters.take(connection, ids)
        posts, left = _for_models([one for one in letters if one.stage == "score"], models)
        known = {"extract", "transform", "score"}
        left += [one for one in letters if one.stage not in known]
        kept_back = {one.id for one in left}
        taken = [one for one in letters if one.id not in kept_back]
        dead_letters.mark_replayed(connection, [one.id for one in taken])

        events = [one for one in taken if one.stage == "transform"]
        keys = [(one.raw_event_id, one.occurred_at) for one in events]
        waiting = requeue.raw_events(
            connection, settings, [(key, at) for key, at in keys if key and at]
        )
        # A raw event that was let go of meanwhile is whole in its letter.
        payloads = [one for one in events if one.raw_event_id not in waiting]
        payloads += [one for one in taken if one.stage == "extract"]
        page = Page.of(look for one in payloads for look in _looks(one))
        page = keep_out(connection, settings, page)
        write_first(settings, page, ("replayed letters", datetime.now(UTC), min(ids)), run_id)
        kept = keep(connection, settings, page, run_id)
        for model, triples in posts.items():
            load_queues.enqueue_posts_to_score(connection, settings, triples, [model])
    return Counter(
        letters=len(taken),
        letters_left=len(left),
        events_waiting=len(waiting),
        events_stored=kept.get("events_new", 0) + kept.get("events_seen_again", 0),
        refused_again=kept.get("rejected", 0),
        posts_to_score=sum(map(len, posts.values())),
    )


def _for_models(
    letters: Sequence[Letter], models: set[str]
) -> tuple[dict[str, list[load_queues.Triple]], list[Letter]]:
    """By model the posts that it is to read again; and the letters of models that nobody runs any more."""
    posts: dict[str, list[load_queues.Triple]] = {}
    left = []
    for one in letters:
        model = one.payload.get("model_key") if isinstance(one.payload, dict) else None
        if model in models:
            triple = (str(one.source), str(one.instance), str(one.post_id))
            posts.setdefault(model, []).append(triple)
        else:
            left.append(one)
    return posts, left


def _looks(letter: Letter) -> Iterator[RawEvent | Rejected]:
    """What the letter holds as it was first seen, and once more as it was last seen where it is taken now."""
    first = letter.observed_at or letter.created_at
    last = letter.last_seen_at or first
    yield from _look(letter, first)
    if last != first:
        yield from (look for look in _look(letter, last) if isinstance(look, RawEvent))


def _look(letter: Letter, observed_at: datetime) -> Iterator[RawEvent | Rejected]:
    kind, instance = str(letter.event_type), str(letter.instance)
    payload = _payload(letter)
    again = reread_of(str(letter.source))
    looks = list(again(kind, payload, instance, observed_at)) if again else []
    if looks:
        yield from looks
        return
    yield take_in(
        source=str(letter.source),
        source_id=letter.source_id or instance,
        instance=instance,
        event_type=kind,
        payload=payload,
        post_id=letter.post_id,
        occurred_at=letter.occurred_at,
        observed_at=observed_at,
    )


def _payload(letter: Letter) -> Any:
    if letter.payload_raw is None:
        return letter.payload
    try:
        return json.loads(letter.payload_raw)
    except (ValueError, RecursionError):
        return letter.payload_raw
