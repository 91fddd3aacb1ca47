"""What a payload says of somebody who was forgotten: known by hashes alone, whatever server sends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.domain import pseudonyms
from chorus.domain.forgetting import Forgotten, handle_at

SECRET = "a secret of the tests"
HOME = "home.example"
WHO = pseudonyms.pseudonym(pseudonyms.handle("ada", "mastodon", HOME), SECRET)
ADA = {"id": "7", "username": "ada", "acct": "ada", "url": f"https://{HOME}/@ada", "note": "me"}
BOB = {"id": "8", "username": "bob", "acct": "bob", "url": f"https://{HOME}/@bob", "note": "he"}
MENTION = {"id": "7", "username": "ada", "acct": "ada", "url": f"https://{HOME}/@ada"}


def forgotten(*names):
    return Forgotten(SECRET, frozenset(name.digest(SECRET) for name in names))


ADAS = forgotten(pseudonyms.handle("ada", "mastodon", HOME))


def cleanse(payload, who=ADAS, source="mastodon", instance=HOME):
    return who.cleanse(payload, source, instance)


def test_what_they_wrote_or_are_goes():
    assert cleanse(ADA) is None
    assert cleanse({"id": "1", "account": ADA, "content": "hello"}) is None


def test_a_boost_of_theirs_goes_and_a_quote_is_empty():
    boost = {"id": "1", "account": BOB, "reblog": {"id": "2", "account": ADA}}
    assert cleanse(boost) is None
    quote = {"id": "1", "account": BOB, "quote": {"quoted_status": {"account": ADA}}}
    assert cleanse(quote)["quote"] == {"quoted_status": None}


def test_others_mention_a_pseudonym_in_lists_and_texts():
    said = {
        "id": "1",
        "account": BOB,
        "content": f'<p><a href="https://{HOME}/@ada" class="mention">@<span>ada</span></a> and @adam, @ada.</p>',
        "mentions": [MENTION],
    }
    cleansed = cleanse(said)
    assert cleansed["mentions"] == [{"id": WHO, "username": WHO, "acct": WHO, "url": None}]
    assert cleansed["content"] == (
        f'<p><a href="{WHO}" class="mention">@<span>{WHO}</span></a> and @adam, @{WHO}.</p>'
    )
    assert cleansed["account"] == BOB


@pytest.mark.parametrize(
    ("text", "cleansed"),
    [
        ("ask @Ada@home.example, she knows", f"ask @{WHO}, she knows"),
        ("@ada@elsewhere.example is another", "@ada@elsewhere.example is another"),
        ("see https://home.example/@ada/1", f"see {WHO}/1"),
        ("see https://home.example/users/ada/statuses/1", f"see {WHO}/statuses/1"),
        ("mail ada@home.example", "mail ada@home.example"),
        ("ada is a language", "ada is a language"),
    ],
)
def test_names_in_texts_that_no_list_announces(text, cleansed):
    assert cleanse({"id": "1", "account": BOB, "content": text})["content"] == cleansed


def test_an_instance_elsewhere_knows_them_by_their_whole_handle():
    remote = ADA | {"id": "99", "acct": "ada@home.example"}
    assert cleanse(remote, instance="far.example") is None
    namesake = ADA | {"url": "https://far.example/@ada"}
    assert cleanse(namesake, instance="far.example") == namesake


def test_an_id_is_known_on_its_own_instance_only():
    by_id = forgotten(pseudonyms.identifier("7", "mastodon", HOME))
    answer = {"id": "1", "account": BOB, "in_reply_to_account_id": "7"}
    assert cleanse(answer, by_id)["in_reply_to_account_id"].startswith("someone-")
    assert cleanse(answer, by_id, instance="far.example") == answer


def test_the_id_of_whom_a_list_mentions_is_theirs_in_the_same_payload():
    answer = {"in_reply_to_account_id": "7", "account": BOB, "mentions": [MENTION, BOB]}
    assert cleanse(answer)["in_reply_to_account_id"] == WHO
    to_bob = answer | {"in_reply_to_account_id": "8"}
    assert cleanse(to_bob)["in_reply_to_account_id"] == "8"


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://home.example/@ada", "ada@home.example"),
        ("https://home.example/users/ada/", "ada@home.example"),
        ("https://far.example/@ada@home.example", "ada@home.example"),
        ("https://home.example/users/ada/statuses/1", None),
        ("https://home.example/ap/users/7", None),
        ("@ada@home.example", None),
    ],
)
def test_the_address_of_a_profile_says_whose_it_is(address, handle):
    assert handle_at(address) == handle


def test_a_redditor_goes_with_all_they_wrote():
    them = forgotten(pseudonyms.handle("u/Ada", "reddit", "reddit.com"))
    assert cleanse({"id": "a", "author": "ada"}, them, "reddit", "reddit.com") is None
    other = {
        "id": "b",
        "author": "bob",
        "link_author": "ada",
        "body": "thanks u/ada and /u/ada2",
    }
    cleansed = cleanse(other, them, "reddit", "reddit.com")
    assert cleansed["link_author"].startswith("someone-")
    assert "ada2" in cleansed["body"]
    assert "u/ada " not in cleansed["body"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["account", "acct", "mentions", "author", "reblog", "url", "id", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(payload=st.dictionaries(st.text(max_size=3) | st.just("mentions"), JSON, max_size=4))
def test_whatever_a_server_sends_is_cleansed_once_and_for_all(payload):
    once = cleanse(payload)
    assert once == payload, "nobody who was forgotten is in it"


def test_a_name_has_no_pseudonym_without_the_secret():
    name = pseudonyms.handle("ada", "mastodon", HOME)
    assert pseudonyms.pseudonym(name, SECRET) == WHO
    assert pseudonyms.pseudonym(name, SECRET + "!") != WHO
    assert "ada" not in WHO
