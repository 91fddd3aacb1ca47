"""What identifies a text and how long it is, the same wherever it is asked."""

import hashlib


def content_hash(content_text: str) -> bytes:
    """The same text anywhere has the same hash; exact, not normalised."""
    return hashlib.sha256(content_text.encode()).digest()


def word_count(content_text: str) -> int:
    return len(content_text.split())
