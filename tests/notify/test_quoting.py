"""Whatever a post says, what goes to Discord is short enough and means nothing but itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.notify.text import ELLIPSIS, link, quote, width

UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|>#\[\]()<]")


@given(st.text(), st.integers(min_value=4, max_value=200))
def test_a_quote_is_never_longer_than_asked_and_holds_no_bare_markdown(text, limit):
    quoted = quote(text, limit)
    assert width(quoted) <= limit
    assert not UNESCAPED.search(quoted)
    assert "\n" not in quoted


@given(st.text(alphabet="ab @#<>!&*_`|\\[]()~-1.🎉", max_size=80))
def test_a_text_that_fits_reads_the_same(text):
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", quote(text, 1000)).replace("\u200b", "")
    assert shown == " ".join(text.split())


@pytest.mark.parametrize(
    "mention",
    [
        "@everyone",
        "@here",
        "<@123456>",
        "<@!1>",
        "<@&42>",
        "<#77>",
        "</deploy:1>",
        "<:party:9>",
    ],
)
def test_mentions_are_no_mentions_any_more(mention):
    quoted = quote(f"look {mention}", 100)
    assert mention not in quoted
    assert not re.search(r"(?<!\\)<[@#:/]|@(everyone|here)|<@", quoted)


def test_a_masked_link_cannot_be_made():
    assert "](" not in quote("[free money](https://evil.example)", 200)


def test_a_text_is_cut_at_a_word():
    assert quote("one two three four", 12) == f"one two {ELLIPSIS}"
    assert quote("one two", 7) == "one two"


def test_a_word_that_is_too_long_is_cut_inside_and_never_between_a_mark_and_its_escape():
    assert quote("*" * 50, 10) == r"\*\*\*\*" + ELLIPSIS


def test_text_cannot_turn_the_line_around():
    assert quote("a\u202eevil\u2066b\x00c", 50) == "aevilb c"


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://mastodon.social/@a/1", "https://mastodon.social/@a/1"),
        ("https://a.example/x y)z", "https://a.example/x%20y%29z"),
        ("javascript:alert(1)", None),
        ("https://localhost/1", None),
        ("https://[broken", None),
        ("https://a.example:8443/1", "https://a.example:8443/1"),
        ("https://a.example:99999/1", None),
        ("https://a..example/1", None),
        ("https://discord.com@evil.example/1", None),
        ("https://bücher.example/größe", "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe"),
        ("https://a.example/" + "x" * 3000, None),
        (None, None),
    ],
)
def test_only_addresses_that_discord_takes_are_linked(url, taken):
    assert link(url) == taken
