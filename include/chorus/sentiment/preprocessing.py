"""What is done to a text before a model reads it. A change gets a new name: the name is part of every prediction's key."""

import re
import unicodedata
from collections.abc import Callable

MENTION = re.compile(r"(?<!\S)@\S+")
LINK = re.compile(r"(?<!\S)http\S*")


def as_is(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def tweets(text: str) -> str:
    """Users to @user, links to http: what the TweetEval family was trained on."""
    return LINK.sub("http", MENTION.sub("@user", as_is(text)))


PREPROCESSING: dict[str, Callable[[str], str]] = {"as-is-1": as_is, "tweets-1": tweets}
