"""HTML to text as Mastodon's own formatter does it."""

import json

import pytest

from chorus.transform.plain_text import plain_text, readable
from chorus.transform.values import Unfit


def test_every_recorded_case_gives_the_text_that_mastodon_gives(corpora):
    cases = json.loads((corpora / "html" / "plaintext_cases.json").read_text())
    different = [case["html"] for case in cases if plain_text(case["html"]) != case["text"]]
    assert len(cases) > 100
    assert different == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br />three", "one\ntwo\nthree"),
        ("<p>a<script>alert(1)</script>b<style>p{}</style></p>", "ab"),
        ("<ScRiPt>alert(1)</sCrIpT>after", "after"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("  two blanks in front", "  two blanks in front"),
        ("  two <b>blanks</b>", "  two blanks"),
        ('<span class="invisible">https://</span>a.example', "https://a.example"),
        ("🐘 :blobcat: 日本語", "🐘 :blobcat: 日本語"),
        ("&#0;&#xD800;", "\ufffd\ufffd"),
        ("ends\r\n", "ends"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("</body>after", "after"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_it_gives(html, text):
    assert plain_text(html) == text


@pytest.mark.parametrize("element", ["<b>", "<div>", "<a " + "x=1 " * 100])
def test_what_a_parser_would_not_end_with_in_time_is_refused(element):
    with pytest.raises(Unfit, match="its HTML is longer"):
        plain_text(element * 200_000 + "deep")


@pytest.mark.timeout(30)
@pytest.mark.parametrize("how", [plain_text, readable])
def test_a_letter_under_thousands_of_marks_is_refused_since_to_order_them_takes_the_square_of_their_number(
    how,
):
    marked = "e" + "\u0301\u0316" * 200_000
    with pytest.raises(Unfit, match="more than 1,000 marks"):
        how(marked)


@pytest.mark.parametrize(
    "text", ["\u3042" * 5000, "e\u0301" * 3000, "z" + "\u0334\u0316" * 200]
)
def test_a_text_with_many_marks_or_none_is_read_where_no_letter_carries_too_many(text):
    assert plain_text(text) == text
