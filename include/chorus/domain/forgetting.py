"""What a payload says of accounts that were forgotten on request: theirs goes, others' mentions of them are pseudonyms.

Only keyed hashes of their names are known here. Every name in a payload that could be theirs is hashed and looked up,
so the same code cleans what is stored already and what a server sends again tomorrow.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chorus.domain import pseudonyms
from chorus.domain.pseudonyms import Name, pseudonym

# Whatever in a text could name an account: an address of a profile, a handle with its host, a Redditor.
NAMES = re.compile(
    r"https?://(?P<host>[\w.-]+)/(?:@|users/|user/|u/)(?P<path>[\w.-]*\w)(?P<rest>@[\w.-]+\w)?"
    r"|(?<![\w@/])@(?P<user>[\w.-]*\w)@(?P<at>[\w.-]+\w)"
    r"|(?<![\w/])/?u/(?P<redditor>[\w-]+)"
)
GONE = object()
IDS = ("in_reply_to_account_id",)
AUTHORS = ("author", "link_author")


@dataclass(frozen=True)
class Forgotten:
    """The accounts that were forgotten, by keyed hashes of all their names."""

    secret: str
    digests: frozenset[bytes] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.digests)

    def knows(self, name: Name) -> bool:
        return name.digest(self.secret) in self.digests

    def cleanse(self, payload: Mapping[str, Any], source: str, instance: str) -> Any:
        """The payload without them; None where it is theirs as a whole."""
        cleansed = _Cleansing(self, source, instance).of(payload)
        return None if cleansed is GONE else cleansed


class _Cleansing:
    """One payload; what its lists of mentions say is known for its texts, too."""

    def __init__(self, forgotten: Forgotten, source: str, instance: str) -> None:
        self.forgotten = forgotten
        self.source = source
        self.instance = instance
        self.words: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    def of(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list):
            items = [self.of(item) for item in value]
            return [item for item in items if item is not GONE]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        # The longest first: @ada@home.example is one word, and @ada@elsewhere.example is somebody else.
        for word in sorted(self.words, key=len, reverse=True):
            whole = rf"(?<![\w@]){re.escape(word)}(?![\w-]|@\w)"
            text = re.sub(whole, self.words[word], text, flags=re.IGNORECASE)
        return NAMES.sub(self._name_in_text, text)

    def _mapping(self, value: Mapping[str, Any]) -> Any:
        if self._is_theirs(value):
            return GONE
        for mention in mappings(value.get("mentions")):
            self._learn(mention)
        cleansed: dict[str, Any] = {}
        for key, item in value.items():
            if key == "mentions" and isinstance(item, list):
                cleansed[key] = [self._mention(one) for one in item]
            elif isinstance(item, str) and (who := self._named_by(key, item)):
                cleansed[key] = who
            else:
                kept = self.of(item)
                if kept is GONE and key == "reblog":
                    return GONE
                cleansed[key] = None if kept is GONE else kept
        return cleansed

    def _is_theirs(self, value: Mapping[str, Any]) -> bool:
        """Whether this is their account, or something they wrote."""
        author = value.get("author")
        if isinstance(author, str) and self._known(author):
            return True
        account = value.get("account")
        return self._who(value) is not None or (
            isinstance(account, Mapping) and self._who(account) is not None
        )

    def _who(self, account: Mapping[str, Any]) -> str | None:
        """The pseudonym of an account or a mention of one, if it is theirs."""
        acct = account.get("acct")
        if not isinstance(acct, str):
            return None
        addresses = [account.get(key) for key in ("uri", "url")]
        names = [
            pseudonyms.handle(acct, self.source, self.instance),
            *(pseudonyms.uri(address) for address in addresses if isinstance(address, str)),
        ]
        if account.get("id") is not None:
            names.append(pseudonyms.identifier(str(account["id"]), self.source, self.instance))
        if any(self.forgotten.knows(name) for name in names):
            return pseudonym(names[0], self.forgotten.secret)
        return None

    def _learn(self, mention: Mapping[str, Any]) -> None:
        who = self._who(mention)
        if who is None:
            return
        acct = str(mention["acct"])
        # Who is only mentioned is known by no id: what answers them says it beside.
        if mention.get("id") is not None:
            self.ids[str(mention["id"])] = who
        self.words |= words_for(acct, who)
        for address in (mention.get("url"), mention.get("uri")):
            if isinstance(address, str):
                self.words[address] = who

    def _mention(self, mention: Any) -> Any:
        if not isinstance(mention, Mapping):
            return self.of(mention)
        who = self._who(mention)
        if who is None:
            return mention
        return {key: None if key in {"url", "uri"} else who for key in mention}

    def _named_by(self, key: str, value: str) -> str | None:
        """The pseudonym for a field that holds an id or a name, if it is theirs."""
        if key in IDS:
            return self._known_id(value) or self.ids.get(value)
        return self._known(value) if key in AUTHORS else None

    def _known(self, acct: str) -> str | None:
        return self._pseudonym(pseudonyms.handle(acct, self.source, self.instance))

    def _known_id(self, account_id: str) -> str | None:
        return self._pseudonym(pseudonyms.identifier(account_id, self.source, self.instance))

    def _pseudonym(self, name: Name) -> str | None:
        return pseudonym(name, self.forgotten.secret) if self.forgotten.knows(name) else None

    def _name_in_text(self, found: re.Match[str]) -> str:
        parts = found.groupdict()
        if parts["redditor"]:
            who = self._pseudonym(pseudonyms.handle(parts["redditor"], "reddit", ""))
            return f"u/{who}" if who else found[0]
        if parts["user"]:
            who = self._known(f"{parts['user']}@{parts['at']}")
            return f"@{who}" if who else found[0]
        who = self._known(_whole_handle(parts)) or self._pseudonym(pseudonyms.uri(found[0]))
        return who or found[0]


def handle_at(address: str) -> str | None:
    """Whose profile an address is, where it says so: /@ada, /users/ada, /user/ada or /u/ada on their host."""
    found = NAMES.fullmatch(address.strip().rstrip("/"))
    return _whole_handle(found.groupdict()) if found and found["path"] else None


def accounts_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every account that a payload describes or mentions."""
    if isinstance(value, Mapping):
        if isinstance(value.get("acct"), str):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from accounts_in(item)


def _whole_handle(parts: Mapping[str, str]) -> str:
    return parts["path"] + (parts["rest"] or f"@{parts['host'].removeprefix('www.')}")


def words_for(acct: str, who: str) -> dict[str, str]:
    """How a text that mentions them names them, and what is to stand there."""
    user = acct.partition("@")[0]
    words = {f"@<span>{user}</span>": f"@<span>{who}</span>", f"@{user}": f"@{who}"}
    return words | {f"@{acct}": f"@{who}", acct: who} if "@" in acct else words


def mappings(value: Any) -> list[Mapping[str, Any]]:
    return (
        [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    )
