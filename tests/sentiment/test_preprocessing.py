import pytest

from chorus.sentiment.preprocessing import PREPROCESSING, tweets


def as_the_card_shows_it(text: str) -> str:
    """The rule that the model's own documentation states, word by word."""
    words = ["@user" if w.startswith("@") and len(w) > 1 else w for w in text.split(" ")]
    return " ".join("http" if word.startswith("http") else word for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "@ada look at https://example.org/a?b=c now",
        "mail me at ada@example.org",
        "@ alone, and  two  spaces",
        "@ada@mastodon.social: hello (@brackets)",
        "httpd is a server",
        "",
    ],
)
def test_users_and_links_become_what_the_model_was_trained_on(text: str):
    assert tweets(text) == as_the_card_shows_it(text)


def test_a_mention_at_the_start_of_a_line_is_one_too():
    assert tweets("hello\n@ada\nhttps://a.b") == "hello\n@user\nhttp"


def test_two_spellings_of_one_letter_reach_the_model_as_one():
    for prepare in PREPROCESSING.values():
        assert prepare("cafe\u0301") == prepare("caf\u00e9")
