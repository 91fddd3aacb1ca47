"""A payload in which nobody is named: what PSEUDONYMISE makes of it before the warehouse sees it.

The same name becomes the same word everywhere, so that everything can still be counted by account; what else an
account says of itself goes. Hiding what is hidden already changes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from chorus.domain import pseudonyms
from chorus.domain.forgetting import AUTHORS, IDS, NAMES, mappings, words_for
from chorus.domain.pseudonyms import Name, pseudonym

# All that is kept of an account beside its pseudonyms.
COUNTED = frozenset(
    [
        "bot",
        "created_at",
        "followers_count",
        "following_count",
        "statuses_count",
        "last_status_at",
        "locked",
        "group",
    ]
)
# What names people beside the fields that hold accounts: who wrote the page that a card shows, what a Redditor wears.
TELLTALE = re.compile(r"author_.*|authors|approved_by|banned_by|mod_reason_by")
ACCOUNTS = frozenset({"account", "mentions"})
# What the part of Reddit that is one person's own is called, before their name.
OWN = "u_"
NOBODY = frozenset({"", "[deleted]", "[removed]"})
HIDDEN = re.compile(r"someone-[0-9a-f]{16}")
# A handle without a host, as a text shows it.
HANDLES = re.compile(
    r"(?<![\w@/.])@(?P<open><span>)?(?P<user>\w(?:[\w.-]*\w)?)(?![\w-]|@\w)|(?P<own>\br/u_)(?P<redditor>[\w-]+)"
)


@dataclass(frozen=True)
class Everybody:
    """Hides all accounts there are."""

    secret: str = field(repr=False)

    def hide(
        self,
        payload: Mapping[str, Any],
        source: str,
        instance: str,
        *,
        is_account: bool = False,
    ) -> dict[str, Any]:
        hiding = _Hiding(self.secret, source, instance)
        if is_account and "author" not in payload:
            return hiding.account(payload)
        return hiding.mapping(payload)

    def account_id(self, account_id: str, source: str, instance: str) -> str:
        """What stands for the id that a server knows an account by."""
        hiding = _Hiding(self.secret, source, instance)
        return (
            hiding.author(account_id) if source == "reddit" else hiding.identifier(account_id)
        )

    def names(self, account: str, source: str, instance: str) -> list[str]:
        """The pseudonyms of an account that somebody names by its handle, id or address."""
        hiding = _Hiding(self.secret, source, instance)
        if "://" in account:
            return [hiding.address(account), hiding.text(account)]
        return [hiding.handle(account), hiding.identifier(account)]

    def part_of_reddit(self, name: str) -> str:
        """A subreddit is nobody's; r/u_ada is somebody's."""
        return _Hiding(self.secret, "reddit", "reddit.com").part(name)


class _Hiding:
    """One payload; what its lists of mentions say is known for its texts, too."""

    def __init__(self, secret: str, source: str, instance: str) -> None:
        self.secret = secret
        self.source = source
        self.instance = instance
        self.words: dict[str, str] = {}

    def of(self, key: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            is_account = key in ACCOUNTS or "acct" in value
            return self.account(value) if is_account else self.mapping(value)
        if isinstance(value, list):
            return [self.of(key, item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def mapping(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Anything but an account: most of all a post."""
        for mention in mappings(value.get("mentions")):
            self._learn(mention)
        part = value.get("subreddit")
        if isinstance(part, str) and part.startswith(OWN):
            self.words[part.removeprefix(OWN)] = self.author(part.removeprefix(OWN))
        is_post = isinstance(value.get("account"), Mapping)
        return {key: self._field(key, item, is_post=is_post) for key, item in value.items()}

    def _field(self, key: str, item: Any, *, is_post: bool) -> Any:
        if key in AUTHORS and isinstance(item, str):
            return self.author(item)
        if key in IDS and item is not None:
            return self.identifier(str(item))
        if TELLTALE.fullmatch(key):
            return None
        if is_post and isinstance(item, str) and key in {"uri", "url"}:
            return self.address(item) if key == "uri" else None
        if key == "subreddit" and isinstance(item, str):
            return self.part(item)
        return self.of(key, item)

    def account(self, account: Mapping[str, Any]) -> dict[str, Any]:
        """An account, or a mention of one."""
        kept = {key: item for key, item in account.items() if key in COUNTED}
        acct = account.get("acct") or account.get("username")
        address = account.get("uri") or account.get("url")
        if isinstance(acct, str):
            who = self.handle(acct)
            kept |= dict.fromkeys(("username", "acct", "display_name"), who)
        if account.get("id") is not None:
            kept["id"] = self.identifier(str(account["id"]))
        if isinstance(address, str):
            kept["uri"] = self.address(address)
        return kept

    def text(self, text: str) -> str:
        # The longest first: @ada@home.example is one word, and @ada@elsewhere.example is somebody else.
        for word in sorted(self.words, key=len, reverse=True):
            whole = rf"(?<![\w@]){re.escape(word)}(?![\w-]|@\w)"
            text = re.sub(whole, self.words[word], text, flags=re.IGNORECASE)
        return HANDLES.sub(self._handle_in_text, NAMES.sub(self._name_in_text, text))

    def _learn(self, mention: Mapping[str, Any]) -> None:
        acct = mention.get("acct")
        if isinstance(acct, str) and not HIDDEN.fullmatch(acct):
            who = self.handle(acct)
            self.words |= words_for(acct, who)
            self.words |= {
                address: who
                for address in (mention.get("url"), mention.get("uri"))
                if isinstance(address, str)
            }

    def _name_in_text(self, found: re.Match[str]) -> str:
        parts = found.groupdict()
        if parts["redditor"]:
            return f"u/{self.author(parts['redditor'])}"
        if parts["user"]:
            return "@" + self.handle(f"{parts['user']}@{parts['at']}")
        host = parts["host"].removeprefix("www.")
        return self.handle(parts["path"] + (parts["rest"] or f"@{host}"))

    def _handle_in_text(self, found: re.Match[str]) -> str:
        if found["own"]:
            return f"{found['own']}{self.handle(found['redditor'])}"
        return f"@{found['open'] or ''}{self.handle(found['user'])}"

    def author(self, name: str) -> str:
        return name if name in NOBODY else self.handle(name)

    def part(self, name: str) -> str:
        whose = name.removeprefix(OWN)
        return name if whose == name else OWN + self.handle(whose)

    def handle(self, acct: str) -> str:
        return self._once(acct, pseudonyms.handle(acct, self.source, self.instance))

    def identifier(self, account_id: str) -> str:
        return self._once(
            account_id, pseudonyms.identifier(account_id, self.source, self.instance)
        )

    def address(self, address: str) -> str:
        """The host stays: what an account's own server says of it counts more."""
        who = address.rpartition("/")[2]
        if HIDDEN.fullmatch(who):
            return address
        try:
            host = urlsplit(address).netloc
        except ValueError:
            host = ""
        hidden = pseudonym(pseudonyms.uri(address), self.secret)
        return f"https://{host}/{hidden}" if host else hidden

    def _once(self, value: str, name: Name) -> str:
        return value if HIDDEN.fullmatch(value) else pseudonym(name, self.secret)
