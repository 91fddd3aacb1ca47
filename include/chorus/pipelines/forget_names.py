"""Whom a request means: every name of the account that was named by its handle, its id or its address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.errors import ConfigurationError
from chorus.domain.everybody import Everybody
from chorus.domain.pseudonyms import Name
from chorus.pipelines.forgotten import secret_of
from chorus.warehouse.account_names import Found, find_account
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen

# What a word may be that is no address.
GUESSES = ("id", "handle")


@dataclass(frozen=True, slots=True)
class Meant:
    """All names of one account, and where each was seen; where nothing was, both say the word that was given."""

    names: frozenset[Name]
    seen: tuple[Seen, ...]
    was_seen: bool


def find_meant(
    connection: Connection, settings: Settings, source: str, instance: str, account: str
) -> Meant:
    """The account that is meant; where nothing was ever seen of it, the word as each kind of name it could be."""
    called = _called(settings, source, instance, account)
    found = find_account(connection, settings, source, instance, called)
    _refuse_two(account, found)
    names = {name for one in found for name in one.seen.names}
    kinds = {one.by for one in found} or GUESSES
    names |= {name for word in called for name in _as_named(source, instance, word, kinds)}
    seen = tuple(dict.fromkeys(one.seen for one in found))
    unseen = tuple(Seen(source, instance, word, word, word, None) for word in called)
    return Meant(frozenset(names), seen or unseen, was_seen=bool(seen))


def _called(settings: Settings, source: str, instance: str, account: str) -> list[str]:
    """The account as it was named, and the pseudonyms it goes by where nobody is named."""
    everybody = Everybody(secret_of(settings))
    hidden = everybody.names(account, source, instance) if settings.pseudonymise else ()
    return list(dict.fromkeys([account, *hidden]))


def _refuse_two(account: str, found: Sequence[Found]) -> None:
    """One word for two people: nobody but who asks knows which of them is meant."""
    by_id, by_handle = ({one.seen for one in found if one.by == kind} for kind in GUESSES)
    if by_id and by_handle and by_id.isdisjoint(by_handle):
        who = min(one.acct for one in by_id)
        raise ConfigurationError(
            f"{account} is the id of {who} and the handle of another: name the address of whom you mean."
        )


def _as_named(source: str, instance: str, account: str, kinds: Collection[str]) -> set[Name]:
    """The word itself as a name; never as one that it is not, which may be somebody else's."""
    names = {pseudonyms.identifier(account, source, instance)} if "id" in kinds else set()
    if "://" in account:
        return names | {pseudonyms.uri(account), Name("handle", account)}
    if "handle" in kinds:
        names.add(pseudonyms.handle(account, source, instance))
    return names
