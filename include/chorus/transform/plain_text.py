"""HTML to text, as Mastodon's own plain-text formatter does it.

A break is one only in the spellings that formatter knows (`<br>`, `<br />`, `</p>`), spans that a browser hides stay,
so that addresses are whole, and elements that Mastodon's sanitizer removes go with their content.
"""

import re
import unicodedata
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser

from chorus.transform.values import Unfit

# The time a parser takes grows with the square of how deep elements lie in each other, and of how many attributes one has.
# Mastodon's own refuses 400 of either.
MOST_TAGS = 10_000
LONGEST = 500_000
# So does the time in which the marks on one letter are put in order, which a text's hash asks for, here and in PostgreSQL.
MOST_MARKS = 1_000
PERHAPS_MARKS = re.compile(rf"(?<![\u0300-\U0010ffff])[\u0300-\U0010ffff]{{{MOST_MARKS + 1}}}")
BREAKS = re.compile(r"(?:<br />|<br>|</p>)+")
REMOVED = ["iframe", "math", "noembed", "noframes", "noscript", "plaintext", "script", "style", "svg", "xmp"]  # fmt: skip
SOMETHING_REMOVED = re.compile(f"<(?i:{'|'.join(REMOVED)})")


def plain_text(html: str) -> str:
    return readable(_chomp(_text_of(html)))


def readable(text: str) -> str:
    """The text, unless nobody could put its marks in order."""
    if len(text) > MOST_MARKS and PERHAPS_MARKS.search(text):
        runs = groupby(text, lambda letter: unicodedata.combining(letter) > 0)
        if any(len(list(run)) > MOST_MARKS for is_marks, run in runs if is_marks):
            raise Unfit(f"a letter of its text carries more than {MOST_MARKS:,} marks")
    return text


def _text_of(html: str) -> str:
    if "<" not in html and "&" not in html:
        return html
    if len(html) > LONGEST or html.count("<") > MOST_TAGS:
        raise Unfit(f"its HTML is longer than {LONGEST:,} characters or {MOST_TAGS:,} tags")
    # An open body keeps the blanks in front of the first word.
    tree = LexborHTMLParser("<body>" + _with_newlines(html))
    if SOMETHING_REMOVED.search(html):
        for node in tree.css(",".join(REMOVED)):
            node.decompose()
    return tree.text(deep=True)


def _with_newlines(html: str) -> str:
    """One newline behind each run of breaks; most posts have only paragraphs, one behind the other."""
    if "<br" not in html and "</p></p>" not in html:
        return html.replace("</p>", "</p>\n")
    return BREAKS.sub(lambda run: run.group() + "\n", html)


def _chomp(text: str) -> str:
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith(("\n", "\r")) else text
