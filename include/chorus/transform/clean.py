"""The boundary: raw events in, rows or dead letters out. Nothing a server sends raises past here, and nothing vanishes."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chorus.domain.events import storable
from chorus.transform.accounts import clean_account
from chorus.transform.language import Detected, detect
from chorus.transform.own_rules import OwnRules, Rules
from chorus.transform.quality_schema import refused
from chorus.transform.rows import Account, Event, Letter, Post
from chorus.transform.shaped import Shape, clean_shaped
from chorus.transform.statuses import Weights, clean_deletion, clean_status
from chorus.transform.values import Unfit

# What reading a payload of the wrong shape raises.
MISSHAPEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)  # fmt: skip

POSTS = frozenset({"status", "submission", "comment"})
BROKEN_RULE = "QualityRule"
# What REDACT_DELETED leaves of a payload.
EMPTIED = "{}"

Detect = Callable[[str], Detected | None]
# By the name of a source: how its payloads become statuses; None where they are.
ShapeOf = Callable[[str], Shape | None]
# Likewise: what it asks of its payloads; None where that is nothing.
RulesOf = Callable[[str], Rules | None]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of a batch; a boost leaves no row, the boosted post came as an event of its own."""

    posts: list[Post] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    # Nothing is left to clean of these; what was made of them before is still there.
    emptied: list[Event] = field(default_factory=list)
    boosts: int = 0


def clean(
    events: Iterable[Event],
    weights: Weights,
    detect: Detect = detect,
    shape_of: ShapeOf = lambda _: None,
    rules_of: RulesOf = lambda _: None,
) -> Cleaned:
    """Every event ends as a row for each look at it, as a counted boost, or as a letter."""
    first_looks: list[tuple[int, Event, Post]] = []
    accounts: list[Account] = []
    misshapen: dict[int, Letter] = {}
    boosts = 0
    whole, emptied = _apart(events)
    own = OwnRules(rules_of)
    with _no_search_for_cycles():
        for place, event in enumerate(whole):
            try:
                payload = _payload(event)
                own.note(place, event, payload)
                match event.event_type:
                    case "status" | "submission" | "comment":
                        post = _post(event, payload, weights, shape_of(event.source))
                        first_looks.append((place, event, _with_language(post, detect)))
                    case "account":
                        accounts += _accounts(event, payload, shape_of(event.source))
                    case "reblog":
                        boosts += 1
                    case "deletion":
                        first_looks.append((place, event, clean_deletion(event, payload)))
                    case unknown:
                        raise Unfit(f"nothing here cleans events of type {unknown}")
            except MISSHAPEN as error:
                misshapen[place] = _letter(event, type(error).__name__, str(error))
    posts: list[Post] = []
    reasons = own.refused()
    letters = [_letter(whole[place], BROKEN_RULE, reasons[place]) for place in reasons]
    letters += [letter for place, letter in misshapen.items() if place not in reasons]
    general = refused([post for *_, post in first_looks])
    for row, (place, event, post) in enumerate(first_looks):
        if place in reasons:
            continue
        if row in general:
            letters.append(_letter(event, BROKEN_RULE, general[row]))
            continue
        posts.append(post)
        posts += [post._replace(observed_at=look) for look in event.looks[1:]]
    return Cleaned(posts, accounts, letters, emptied, boosts)


def _apart(events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
    """What there is to clean, and what was emptied."""
    whole: list[Event] = []
    emptied: list[Event] = []
    for event in events:
        is_emptied = event.payload == EMPTIED and event.event_type in POSTS
        (emptied if is_emptied else whole).append(event)
    return whole, emptied


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows and payloads make no cycles; walking through them all in search of some takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # What was made is counted among the old ones, unsearched: else the next object made would have all searched.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _post(event: Event, payload: dict[str, Any], weights: Weights, shape: Shape | None) -> Post:
    if shape is None:
        return clean_status(event, payload, weights)
    return clean_shaped(event, shape(event.event_type, event.instance, payload), weights)


def _accounts(event: Event, payload: dict[str, Any], shape: Shape | None) -> list[Account]:
    return clean_account(
        event, payload if shape is None else shape("account", event.instance, payload)
    )


def _payload(event: Event) -> dict[str, Any]:
    payload = _loads(event.payload)
    if not isinstance(payload, dict):
        raise Unfit(f"the payload is {type(payload).__name__} where an object belongs")
    text = event.payload
    # NUL and halves of surrogate pairs, which PostgreSQL cannot hold; a whole pair is scrubbed too, to itself.
    if "\\u" in text and ("\\u0000" in text or "\\ud" in text or "\\uD" in text):
        scrubbed: dict[str, Any] = _scrub(payload)
        return scrubbed
    return payload


def _loads(payload: str) -> Any:
    """Half the time of json.loads, which reads on where it gives up: numbers of any size."""
    try:
        return msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return json.loads(payload)


def _scrub(value: Any) -> Any:
    """The value with what PostgreSQL cannot hold shown as the replacement character."""
    if isinstance(value, str):
        if storable(value):
            return value
        return (
            value.replace("\x00", "\ufffd")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    if isinstance(value, list):
        return [_scrub(item) for item in value]
    if isinstance(value, dict):
        return {_scrub(key): _scrub(item) for key, item in value.items()}
    return value


def _with_language(post: Post, detect: Detect) -> Post:
    if post.language is not None or post.input_hash is None:
        return post
    found = detect(post.content_text or "")
    if found is None:
        return post
    return post._replace(detected_language=found.language, language_confidence=found.confidence)


def _letter(event: Event, error_class: str, error: str) -> Letter:
    return Letter(event.raw_event_id, event.occurred_at, error_class, _scrub(error))
