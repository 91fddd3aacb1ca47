"""What real servers send that the documentation does not say: one test a case."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chorus.transform.clean import clean
from chorus.transform.plain_text import plain_text
from chorus.transform.rows import Event


def whole(status, post):
    """Nothing about the oddity changes what the post says."""
    return post.content_text == plain_text(status["content"]) and post.uri == status["uri"]


def same(name, column=None):
    """The column holds what the status says, also where it says nothing."""
    return lambda status, post: (
        getattr(post, column or name) == (status.get(name) if status.get(name) != "" else None)
    )


def of_account(name, column):
    return lambda status, post: getattr(post, column) == status["account"].get(name)


def moment(text):
    return datetime.fromisoformat(text)


def created(status, post):
    return post.created_at == moment(status["created_at"]) and post.created_at.tzinfo == UTC


def attachments(status, post):
    return (
        post.media_count == len(status["media_attachments"])
        and [m["type"] for m in post.media] == post.media_types
        and [m["meta"] for m in post.media]
        == [m.get("meta") for m in status["media_attachments"]]
    )


def language_is_found_or_unknown(status, post):
    if post.language is not None or post.detected_language is None:
        return post.language == status.get("language")
    return len(post.detected_language) == 2 and 0 < post.language_confidence <= 1


def folded_tags(status, post):
    shown = [tag["shown"] for tag in post.tags]
    return shown and shown[0] == status["tags"][0]["name"] and len(shown) == len(post.tag_names)


EXPECTED = {
    "sensitive": lambda _, post: post.is_sensitive is True,
    "visibility unlisted": same("visibility"),
    "visibility direct": same("visibility"),
    "visibility private": same("visibility"),
    "created_at fmt 9999-99-99T99:99:99.999Z": created,
    "created_at fmt 9999-99-99T99:99:99Z": created,
    "created_at fmt 9999-99-99T99:99:99.999999Z": created,
    "account.display_name empty": of_account("display_name", "account_display_name"),
    "account.last_status_at null": whole,
    "account.last_status_at missing": whole,
    "account.emojis": whole,
    "account.fields verified/null": whole,
    "account.fields null/missing": whole,
    "account.avatar empty": whole,
    "account.avatar missing": whole,
    "account.note missing": whole,
    "account.bot": lambda _, post: post.account_bot is True,
    "account.url missing": lambda status, post: post.account_uri.endswith(
        f"/@{status['account']['id']}"
    ),
    "account.followers_count missing": lambda _, post: post.account_followers_count is None,
    "account.created_at missing": lambda _, post: post.account_created_at is None,
    "account stub (<10 keys)": of_account("acct", "account_acct"),
    "media description null": attachments,
    "media meta absent/null/empty": attachments,
    "media preview_url null": attachments,
    "media type unknown": lambda _, post: "unknown" in post.media_types,
    "in_reply_to_id set": lambda status, post: (
        post.is_reply and post.in_reply_to_id == status["in_reply_to_id"]
    ),
    "missing key in_reply_to_id": lambda _, post: not post.is_reply,
    "missing key in_reply_to_account_id": lambda _, post: post.in_reply_to_account_id is None,
    "reblog": None,  # counted, never a post
    "missing key reblog": whole,
    "language null": language_is_found_or_unknown,
    "language missing": language_is_found_or_unknown,
    "missing key language": language_is_found_or_unknown,
    "content empty": lambda _, post: post.content_text == "" and post.media_count,
    "content without any tag": whole,
    "entities in content": lambda _, post: "&#39;" not in post.content_text,
    "rich HTML in content": lambda _, post: "</" not in post.content_text,
    "raw newline in content": lambda _, post: "\n" in post.content_text,
    "emoji in content": lambda _, post: not post.content_text.isascii(),
    "CJK content": lambda _, post: any(c > "\u2e80" for c in post.content_text),
    "invisible/ellipsis spans": lambda _, post: "http" in post.content_text,
    "emojis": whole,
    "missing key emojis": whole,
    "poll": whole,
    "missing key poll": whole,
    "card": whole,
    "missing key card": whole,
    "quote": whole,
    "edited_at set": lambda status, post: post.edited_at == moment(status["edited_at"]),
    "edited_at key missing": lambda _, post: post.edited_at is None,
    "spoiler_text": same("spoiler_text"),
    "spoiler_text null/missing": lambda _, post: post.spoiler_text is None,
    "missing key spoiler_text": lambda _, post: post.spoiler_text is None,
    "missing key sensitive": lambda _, post: post.is_sensitive is None,
    "replies_count null/missing": lambda status, post: (
        post.replies_count is None
        and post.engagement_score
        == 2 * status["favourites_count"] + 3 * status["reblogs_count"]
    ),
    "missing key replies_count": lambda _, post: post.replies_count is None,
    "replies_count>1000": lambda _, post: post.replies_count > 1000,
    "id non-numeric (ULID/flake/uuid)": same("id", "post_id"),
    "id short numeric": same("id", "post_id"),
    "tag non-ascii": folded_tags,
    "tag not lowercase": lambda status, post: (
        folded_tags(status, post) and all(name == name.lower() for name in post.tag_names)
    ),
    "url null": same("url"),
    "missing key url": same("url"),
}


@pytest.fixture(scope="module")
def statuses(corpora):
    lines = (corpora / "mastodon" / "statuses.jsonl").read_text().strip().split("\n")
    return {line["sha"]: line["status"] for line in map(json.loads, lines)}


@pytest.fixture(scope="module")
def oddities(corpora):
    return json.loads((corpora / "mastodon" / "oddities.json").read_text())


def test_every_odd_case_is_listed_here(oddities):
    assert EXPECTED.keys() == oddities.keys()


@pytest.fixture(scope="module")
def cleaned(statuses):
    events = [event(number, status) for number, status in enumerate(statuses.values())]
    return clean(events, (1, 2, 3))


@pytest.fixture(scope="module")
def posts(statuses, cleaned):
    shas = list(statuses)
    return {shas[post.raw_event_id.int]: post for post in cleaned.posts}


def test_nothing_recorded_is_refused_and_each_boost_is_counted(statuses, cleaned, posts):
    boosts = {sha for sha, status in statuses.items() if status.get("reblog")}
    assert cleaned.letters == []
    assert cleaned.boosts == len(boosts) > 0
    assert posts.keys() == statuses.keys() - boosts


@pytest.mark.parametrize("case", EXPECTED)
def test_a_server_may_send(case, statuses, oddities, posts):
    expected = EXPECTED[case]
    found = [sha for sha in oddities[case] if sha in posts]
    assert found or case == "reblog"
    for sha in found:
        assert expected(statuses[sha], posts[sha]), (sha, posts[sha])


def event(number, status):
    event_type = "reblog" if status.get("reblog") else "status"
    seen = datetime(2026, 12, 1, tzinfo=UTC)
    return Event(
        UUID(int=number), moment(status["created_at"]), "mastodon", "odd.example", "odd.example",
        event_type, status["id"], seen, None, None, json.dumps(status),
    )  # fmt: skip
