"""Finds the language of a post that names none: offline, and only where there is enough to go by.

lingua's high-accuracy models take a gigabyte where its trigram models take ten megabytes, and differ on texts too short
to be sure about anyway; below `SURE` nothing is claimed.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lingua import LanguageDetector

# Addresses, mentions, hashtags and emoji shortcodes are no language.
NO_LANGUAGE = re.compile(r"https?://\S+|[@#]\S+|:\w+:")
ENOUGH_LETTERS = 12
# A text in a script that only a few languages use says more with less.
ENOUGH_IDEOGRAPHS = 4
READ_AT_MOST = 2_000
SURE = 0.5


class Detected(NamedTuple):
    """ISO 639-1, and how sure that is, 0 to 1."""

    language: str
    confidence: float


def detect(content_text: str) -> Detected | None:
    words = NO_LANGUAGE.sub(" ", content_text[:READ_AT_MOST])
    letters = [character for character in words if character.isalpha()]
    beyond_latin = sum(character >= "\u2e80" for character in letters)
    if len(letters) < ENOUGH_LETTERS and beyond_latin < ENOUGH_IDEOGRAPHS:
        return None
    [best, *_] = _detector().compute_language_confidence_values(words)
    # It adds up in another order each time, so the last digits of the same text differ.
    confidence = round(best.value, 9)
    if confidence < SURE:
        return None
    return Detected(best.language.iso_code_639_1.name.lower(), confidence)


@cache
def _detector() -> "LanguageDetector":
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_spoken_languages().with_low_accuracy_mode().build()
