"""The body of an answer, as JSON, in no more memory than a page can be worth."""

import json
from typing import Any, NoReturn

import requests

from chorus.domain.errors import SourceChanged

MOST_BYTES = 32 * 1024 * 1024
# The shortest values there are take thirty times their bytes.
MOST_VALUES = 1_000_000
CHUNK = 64 * 1024


def read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            raise SourceChanged(
                f"{response.url} answers with more than {MOST_BYTES >> 20} MiB; no page is that long."
            )
    return bytes(body)


def parse(url: str, text: bytes) -> Any:
    if text.count(b",") > MOST_VALUES:
        raise SourceChanged(
            f"{url} answers with more than {MOST_VALUES:,} values; no page holds so many."
        )
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        start = text[:60].decode(errors="replace")
        raise SourceChanged(f"{url} did not answer with JSON but with {start!r}.") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
