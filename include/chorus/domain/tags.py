"""Hashtags as Mastodon tells them apart: `#Café`, `#cafe` and `#ＣＡＦÉ` are one tag."""

import re
import unicodedata

# Letters of Latin-1 and Latin Extended-A that Mastodon folds although Unicode does not take them apart.
WITHOUT_DECOMPOSITION = {
    "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "ø": "o", "ŧ": "t",
}  # fmt: skip
FOLDED = str.maketrans(
    {
        letter: plain
        for letter in map(chr, range(0xC0, 0x180))
        if (plain := unicodedata.normalize("NFD", letter)[0]) != letter and plain.isascii()
    }
    | WITHOUT_DECOMPOSITION
)
LOOSE_MARKS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")
SEPARATORS = frozenset("_·・\u200c")
KEPT_CATEGORIES = frozenset({"Mn", "Mc", "Nl"})


def fold_tag(name: str) -> str:
    """What identifies a hashtag; empty where nothing of the name can stand in one."""
    if name.isascii() and name.isalnum():
        return name.lower()
    folded = unicodedata.normalize("NFKC", name).lower().translate(FOLDED)
    return "".join(filter(_belongs, LOOSE_MARKS.sub("", folded)))


def _belongs(character: str) -> bool:
    return (
        character.isalpha()
        or character.isdecimal()
        or character in SEPARATORS
        or unicodedata.category(character) in KEPT_CATEGORIES
    )
