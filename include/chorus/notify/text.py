"""Other people's words, made safe to quote on Discord: no markdown, no mentions, no surprises, no overflow."""

import re
import unicodedata
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

ELLIPSIS = "…"
MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()<]|^-|(?<=\d)\.$|:(?=//))")
MARK = re.compile(r"([@#<])(?=\w|[@#!&:/])")
BREAK = "\u200b"  # zero width: `@everyone` still reads the same and is no mention any more
INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
DIRECTION = set(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
)
LONGEST_URL = 2048


def width(text: str) -> int:
    """Length as Discord may count it at worst: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def quote(text: str, limit: int) -> str:
    """`text` on one line, defused, cut at a word so that what is sent is at most `limit` long."""
    words = _plain(text).split()
    kept: list[str] = []
    room = limit
    for position, word in enumerate(words):
        safe = _defuse(word)
        reserve = width(ELLIPSIS) + 1 if position < len(words) - 1 else 0
        if width(safe) + bool(kept) + reserve > room:
            return _cut_short(kept, word, limit)
        room -= width(safe) + bool(kept)
        kept.append(safe)
    return " ".join(kept)


def harmless(text: str, limit: int) -> str:
    """`text` for a channel without markdown: nothing invisible, nobody mentioned, cut; its lines stay lines."""
    whole = "\n".join(MARK.sub(rf"\1{BREAK}", _plain(line)) for line in text.splitlines())
    return whole if len(whole) <= limit else whole[: limit - 1] + ELLIPSIS


def link(url: str | None) -> str | None:
    """The address where it is one that Discord takes, escaped; else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        place = host if parts.port is None else f"{host}:{parts.port}"
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "." not in host.strip("."):
        return None
    if parts.username is not None:  # which looks like another place
        return None
    whole = parts._replace(netloc=place).geturl()
    safe = percent_encode(whole, safe="%/:?#[]@!$&'*+,;=~-._")
    return safe if len(safe) <= LONGEST_URL else None


def _plain(text: str) -> str:
    return "".join(
        " " if unicodedata.category(letter) in INVISIBLE else letter
        for letter in text
        if letter not in DIRECTION
    )


def _defuse(word: str) -> str:
    return MARKDOWN.sub(r"\\\1", MARK.sub(rf"\1{BREAK}", word))


def _cut_short(kept: list[str], word: str, limit: int) -> str:
    if kept:
        return f"{' '.join(kept)} {ELLIPSIS}"
    head = ""
    for letter in word:
        if width(_defuse(head + letter)) + width(ELLIPSIS) > limit:
            break
        head += letter
    return _defuse(head) + ELLIPSIS
