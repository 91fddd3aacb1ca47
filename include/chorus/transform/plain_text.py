"""HTML to text, as Mastodon's own plain-text formatter does it.

A break is one only in the spellings that formatter knows (`<br>`, `<br />`, `</p>`), spans that a browser hides stay,
so that addresses are whole, and elements that Mastodon's sanitizer removes go with their content.
"""

import re

from selectolax.lexbor import LexborHTMLParser

BREAKS = re.compile(r"(?:<br />|<br>|</p>)+")
REMOVED = ["iframe", "math", "noembed", "noframes", "noscript", "plaintext", "script", "style", "svg", "xmp"]  # fmt: skip
SOMETHING_REMOVED = re.compile(f"<(?:{'|'.join(REMOVED)})", re.IGNORECASE)


def plain_text(html: str) -> str:
    if "<" not in html and "&" not in html:
        return _chomp(html)
    one_paragraph = html.endswith("</p>") and html.count("</p>") == 1 and "<br" not in html
    marked = html if one_paragraph else BREAKS.sub(_with_newline, html)
    # An open body keeps the blanks in front of the first word.
    tree = LexborHTMLParser("<body>" + marked)
    if SOMETHING_REMOVED.search(html):
        for node in tree.css(",".join(REMOVED)):
            node.decompose()
    text = tree.text(deep=True)
    # The one newline at the end of the one paragraph would go again.
    return text if one_paragraph else _chomp(text)


def _with_newline(match: re.Match[str]) -> str:
    return match.group() + "\n"


def _chomp(text: str) -> str:
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith(("\n", "\r")) else text
