"""Nobody is named in a payload, whatever server sends it and wherever in it they are; what can be counted stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.domain import pseudonyms
from chorus.domain.everybody import Everybody
from tests.domain.test_forgetting import ADA, BOB, HOME, JSON, MENTION, SECRET

EVERYBODY = Everybody(SECRET)
ADAS = pseudonyms.pseudonym(pseudonyms.handle("ada", "mastodon", HOME), SECRET)
BOBS = pseudonyms.pseudonym(pseudonyms.handle("bob", "mastodon", HOME), SECRET)
BOBS_ID = pseudonyms.pseudonym(pseudonyms.identifier("8", "mastodon", HOME), SECRET)


def hide(payload, source="mastodon", instance=HOME, **more):
    return EVERYBODY.hide(payload, source, instance, **more)


def status(**said):
    return {"id": "1", "uri": f"https://{HOME}/users/bob/statuses/1", "account": BOB, **said}


def test_of_an_account_its_pseudonyms_and_its_numbers_are_kept():
    told = BOB | {
        "display_name": "Bob",
        "uri": f"https://{HOME}/users/bob",
        "avatar": "https://files.example/bob.png",
        "fields": [{"name": "home", "value": "bob.example"}],
        "moved": ADA,
        "bot": False,
        "followers_count": 3,
    }
    hidden = hide(told, is_account=True)
    assert hidden == {
        "id": BOBS_ID,
        "username": BOBS,
        "acct": BOBS,
        "display_name": BOBS,
        "uri": hidden["uri"],
        "bot": False,
        "followers_count": 3,
    }
    assert hidden["uri"].startswith(f"https://{HOME}/someone-")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("ask @ada, she knows", f"ask @{ADAS}, she knows"),
        ("ask @Ada@home.example.", f"ask @{ADAS}."),
        ('<a href="https://home.example/@ada">@<span>ada</span></a>', f'<a href="{ADAS}">@<span>{ADAS}</span></a>'),
        ("see https://home.example/users/ada/statuses/1", f"see {ADAS}/statuses/1"),
        ("mail bob@host, 3@4", "mail bob@host, 3@4"),
        ("ada is a language", "ada is a language"),
    ],
)  # fmt: skip
def test_handles_and_profiles_in_texts_are_pseudonyms(text, hidden):
    assert hide(status(content=text))["content"] == hidden


def test_a_mention_from_elsewhere_is_the_same_person_in_the_list_and_in_the_text():
    far = MENTION | {"acct": f"ada@{HOME}"}
    said = {"id": "1", "account": BOB, "mentions": [far], "content": "hello @ada"}
    hidden = hide(said, instance="far.example")
    assert hidden["mentions"][0]["acct"] == ADAS
    assert hidden["content"] == f"hello @{ADAS}"


def test_an_answer_leads_to_the_account_it_answers():
    assert hide(status(in_reply_to_account_id="8"))["in_reply_to_account_id"] == BOBS_ID


def test_the_address_of_a_post_keeps_its_host_and_nothing_else():
    hidden = hide(status(url=f"https://{HOME}/@bob/1"))
    assert hidden["url"] is None
    assert hidden["uri"].startswith(f"https://{HOME}/someone-")
    assert hidden["uri"] == hide(status())["uri"]


def test_a_boost_a_quote_and_a_card_name_nobody_either():
    said = status(
        reblog=status(account=ADA),
        quote={"state": "accepted", "quoted_status": status(account=ADA)},
        card={"title": "News", "author_name": "Ada L.", "authors": [{"name": "Ada L."}]},
    )
    assert "Ada" not in json.dumps(hide(said))
    assert f"/users/{BOB['username']}" not in json.dumps(hide(said))


def test_a_redditor_is_one_person_wherever_they_are_named():
    said = {
        "id": "b",
        "author": "Ada",
        "author_fullname": "t2_1",
        "link_author": "ada",
        "subreddit": "u_ada",
        "permalink": "/r/u_ada/comments/1/hello",
        "domain": "self.ada",
        "body": "ask u/ADA or /u/ada",
    }
    hidden = hide(said, "reddit", "reddit.com")
    who = hidden["author"]
    assert who.startswith("someone-")
    assert hidden == {
        "id": "b",
        "author": who,
        "author_fullname": None,
        "link_author": who,
        "subreddit": f"u_{who}",
        "permalink": f"/r/u_{who}/comments/1/hello",
        "domain": f"self.{who}",
        "body": f"ask u/{who} or u/{who}",
    }
    assert EVERYBODY.part_of_reddit("u_ada") == f"u_{who}"
    assert EVERYBODY.part_of_reddit("python") == "python"


def test_who_is_gone_already_stays_nobody():
    assert hide({"author": "[deleted]"}, "reddit", "reddit.com") == {"author": "[deleted]"}


@given(
    payload=st.dictionaries(
        st.sampled_from(["account", "acct", "uri", "mentions", "author", "content"]), JSON, max_size=4
    )
)  # fmt: skip
def test_hiding_what_is_hidden_changes_nothing(payload):
    once = hide(payload)
    assert hide(once) == once
