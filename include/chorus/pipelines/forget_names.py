"""Whom a request means: every name of the account that was named by its handle, its id or its address."""

from collections.abc import Sequence
from dataclasses import dataclass

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.errors import ConfigurationError
from chorus.domain.everybody import Everybody
from chorus.domain.forgetting import handle_at
from chorus.domain.pseudonyms import Name
from chorus.pipelines.forgotten import secret_of
from chorus.pipelines.payload_names import find_in_payloads
from chorus.warehouse.account_names import Found, find_account, find_alike
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen
from chorus.warehouse.parquet import Place


@dataclass(frozen=True, slots=True)
class Meant:
    """All names of one account, and where each was seen; where nothing was, both say the word that was given."""

    names: frozenset[Name]
    seen: tuple[Seen, ...]
    was_seen: bool


def find_meant(
    connection: Connection,
    settings: Settings,
    archive: Place,
    *,
    source: str,
    instance: str,
    account: str,
) -> Meant:
    """The account that is meant; where nothing was ever seen of it, the word as each kind of name it could be."""
    called = _called(settings, source, instance, account)
    guesses = _guesses(source, instance, called)
    found = find_account(connection, settings, source, instance, called)
    if not found and (handle := handle_at(account)):
        found = find_account(connection, settings, source, instance, [handle])
    if not found:
        every = set().union(*guesses.values())
        met = find_in_payloads(connection, settings, archive, source, every)
        found = [
            Found(kind, one)
            for kind, names in guesses.items()
            for one in met
            if not one.own_names.isdisjoint(names)
        ]
    _refuse_two(account, found)
    # A word is never taken for what it is not, which may be somebody else's.
    kinds = {one.by for one in found} or guesses.keys()
    names = {name for kind in kinds for name in guesses[kind]}
    seen = {one.seen for one in found}
    if seen:
        seen = _seen_further(connection, settings, archive, source, seen)
        names |= {name for one in seen for name in one.names}
    unseen = (
        Seen(source, instance, word, word, handle_at(word) or word, None) for word in called
    )
    in_order = tuple(sorted(seen, key=str))
    return Meant(frozenset(names), in_order or tuple(unseen), was_seen=bool(seen))


def _seen_further(
    connection: Connection, settings: Settings, archive: Place, source: str, seen: set[Seen]
) -> set[Seen]:
    """With what payloads call them besides, as long as that leads to another handle or address."""
    known: set[Name] = set()
    while True:
        seen = set(find_alike(connection, settings, seen))
        names = {name for one in seen for name in one.names}
        if known and all(name.kind == "id" for name in names - known):
            return seen
        seen |= find_in_payloads(connection, settings, archive, source, names)
        known = names


def _called(settings: Settings, source: str, instance: str, account: str) -> list[str]:
    """The account as it was named, and the pseudonyms it goes by where nobody is named."""
    everybody = Everybody(secret_of(settings))
    hidden = everybody.names(account, source, instance) if settings.pseudonymise else ()
    return list(dict.fromkeys([account, *hidden]))


def _refuse_two(account: str, found: Sequence[Found]) -> None:
    """One word for two people: nobody but who asks knows which of them is meant."""
    by_id, by_handle = (
        {one.seen for one in found if one.by == kind} for kind in ("id", "handle")
    )
    if by_id and by_handle and by_id.isdisjoint(by_handle):
        who = min(one.acct for one in by_id)
        raise ConfigurationError(
            f"{account} is the id of {who} and the handle of another: name the address of whom you mean."
        )


def _guesses(source: str, instance: str, called: Sequence[str]) -> dict[str, set[Name]]:
    """What the words would be as each kind of name."""
    guesses: dict[str, set[Name]] = {"id": set(), "handle": set(), "address": set()}
    for word in called:
        if "://" in word:
            guesses["address"].add(pseudonyms.uri(word))
            at = handle_at(word)
            guesses["handle"].add(
                pseudonyms.handle(at, source, instance) if at else Name("handle", word)
            )
        else:
            guesses["id"].add(pseudonyms.identifier(word, source, instance))
            guesses["handle"].add(pseudonyms.handle(word, source, instance))
    return guesses
