"""Keyed hashes of names: the same name gives the same hash, and without the secret nobody can tell which it was."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

Kind = Literal["uri", "handle", "id"]
# Where a handle that names no host is at home.
HOME = {"reddit": "reddit.com"}


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """One of the names an account has, so written that every spelling of it is the same."""

    kind: Kind
    value: str

    def digest(self, secret: str) -> bytes:
        text = f"{self.kind}\x00{self.value}"
        return hmac.digest(secret.encode(), text.encode(), hashlib.sha256)


def uri(value: str) -> Name:
    return Name("uri", value)


def handle(acct: str, source: str, instance: str) -> Name:
    """`ada` as read on home.example and `ada@home.example` as read elsewhere are one."""
    bare = acct.strip().removeprefix("@").removeprefix("/").removeprefix("u/")
    whole = bare if "@" in bare else f"{bare}@{HOME.get(source, instance)}"
    return Name("handle", whole.lower())


def identifier(account_id: str, source: str, instance: str) -> Name:
    return Name("id", f"{source}\x00{instance}\x00{account_id}")


def pseudonym(name: Name, secret: str) -> str:
    """What stands where a name stood: a word that could be a handle."""
    return f"someone-{name.digest(secret).hex()[:16]}"
