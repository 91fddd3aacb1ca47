"""What a source's own shape of a post says, as plain text or as HTML."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chorus.transform.clean import clean
from chorus.transform.rows import Event

SEEN = datetime(2026, 8, 2, tzinfo=UTC)
STATUS = {
    "id": "1",
    "uri": "https://blog.example/1",
    "created_at": "2026-08-01T10:00:00Z",
    "account": {"id": "ana", "acct": "ana"},
}


@pytest.mark.parametrize(
    ("said", "text", "html"),
    [
        ({"content": "<p>Hello &amp; <b>welcome</b></p>"}, "Hello & welcome", True),
        ({"content_text": "a < b"}, "a < b", False),
        ({"content": "<p>markup</p>", "content_text": "words"}, "words", True),
    ],
    ids=["HTML", "text", "both"],
)
def test_what_it_says_is_the_text_it_gives_or_that_of_its_html(said, text, html):
    event = Event(
        UUID(int=1),
        SEEN,
        "blogs",
        "x",
        "blog.example",
        "status",
        "1",
        SEEN,
        None,
        None,
        json.dumps(said),
    )
    result = clean(
        [event],
        (1, 2, 3),
        detect=lambda _: None,
        shape_of=lambda _: lambda _kind, _instance, payload: STATUS | payload,
    )
    assert result.letters == []
    [post] = result.posts
    assert post.content_text == text
    assert (post.content_html is not None) is html
