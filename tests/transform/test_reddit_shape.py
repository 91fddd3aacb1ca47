"""Recorded submissions and comments as rows: the common columns, and what will not do."""

import json
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.pipelines.sources import rules_of, shape_of
from chorus.sources import reddit
from chorus.sources.reddit_events import events_of
from chorus.transform.clean import clean
from chorus.transform.rows import Event

SEEN = datetime(2026, 8, 2, tzinfo=UTC)
HOW = {"detect": lambda _: None, "shape_of": shape_of, "rules_of": rules_of}


def event(kind, payload, post_id=None):
    return Event(
        UUID(int=1),
        SEEN,
        "reddit",
        str(payload.get("subreddit") or "x"),
        "reddit.com",
        kind,
        post_id or str(payload.get("name") or payload.get("author")),
        SEEN,
        None,
        None,
        json.dumps(payload),
    )


def cleaned(kind, payload):
    return clean([event(kind, payload)], (1, 2, 3), **HOW)


def row(kind, payload):
    result = cleaned(kind, payload)
    assert [letter.error for letter in result.letters] == []
    [post] = result.posts
    return post


def rows(kind, payloads):
    """Each payload with its row; all at once, since the rules look at frames."""
    events = [event(kind, payload) for payload in payloads]
    result = clean(events, (1, 2, 3), **HOW)
    assert [letter.error for letter in result.letters] == []
    return list(zip(payloads, result.posts, strict=True))


def refusal(kind, payload):
    [letter] = cleaned(kind, payload).letters
    return letter.error


def things_in(node, kind):
    """Everything of a kind, however deep an answer hides it."""
    if isinstance(node, dict):
        if node.get("kind") == kind and isinstance(node.get("data"), dict):
            yield node["data"]
        for inside in node.values():
            yield from things_in(inside, kind)
    elif isinstance(node, list):
        for inside in node:
            yield from things_in(inside, kind)


def recorded(corpora, kind):
    found = []
    for cassette in sorted((corpora / "reddit" / "cassettes").glob("*.json")):
        for interaction in json.loads(cassette.read_text())["interactions"]:
            body = interaction["response"]["body"]
            text = body.get("string") if isinstance(body, dict) else body
            if text and text[0] in "[{":
                found += things_in(json.loads(text), kind)
    return found


@pytest.fixture(scope="module")
def submissions(corpora):
    return recorded(corpora, "t3")


@pytest.fixture(scope="module")
def comments(corpora):
    things = recorded(corpora, "t1")
    return [
        {k: v for k, v in thing.items() if k != "replies"}
        for thing in things
        if "link_id" in thing
    ]


def test_every_recorded_submission_and_comment_becomes_a_row(submissions, comments):
    assert len(rows("submission", submissions)) + len(rows("comment", comments)) > 3_500


def test_a_submission_says_its_title_a_blank_line_and_its_body(submissions):
    for payload, post in rows("submission", submissions):
        if not post.is_deleted:
            body = payload["selftext"]
            assert post.content_text == payload["title"] + (f"\n\n{body}" if body else "")
        counted = (payload["num_comments"], payload.get("num_crossposts"), payload["score"])
        assert (post.replies_count, post.reblogs_count, post.favourites_count) == counted
        replies, crossposts, score = counted
        assert post.engagement_score == replies + 2 * score + 3 * (crossposts or 0)
        assert post.created_at.timestamp() == payload["created_utc"]
        edited = None if isinstance(payload["edited"], bool) else payload["edited"]
        assert (post.edited_at and post.edited_at.timestamp()) == edited
        assert post.is_sensitive == (payload["over_18"] or payload["spoiler"])
        assert (post.source_id, post.is_reply) == (payload["subreddit"], False)


def test_a_comment_answers_its_parent_on_the_same_instance(comments):
    negative = hidden = 0
    for payload, post in rows("comment", comments):
        assert (post.post_id, post.in_reply_to_id) == (payload["name"], payload["parent_id"])
        assert post.replies_count is None
        if payload.get("score_hidden"):
            assert post.favourites_count is None
            hidden += 1
        else:
            assert post.favourites_count == payload["score"]
        negative += (post.favourites_count or 0) < 0
        if not post.is_deleted:
            assert post.content_text == payload["body"]
        if payload["author"] == "[deleted]":
            assert post.account_id is None
        else:
            assert post.account_uri == f"https://reddit.com/user/{payload['author']}"
    assert negative > 10
    assert hidden >= 1


def test_whatever_hangs_on_a_submission_is_listed(submissions):
    kinds = {kind for _, post in rows("submission", submissions) for kind in post.media_types}
    assert {"image", "video", "gifv"} <= kinds
    galleries = [payload for payload in submissions if payload.get("gallery_data")]
    assert galleries
    for payload in galleries:
        assert row("submission", payload).media_count == len(payload["gallery_data"]["items"])


def test_a_crosspost_shows_what_it_points_to(submissions):
    crossposts = [p for p in submissions if p.get("crosspost_parent_list")]
    assert crossposts
    for payload in crossposts:
        parent = payload["crosspost_parent_list"][0]
        if payload.get("is_gallery") or payload.get("post_hint") or payload.get("media"):
            continue
        assert row("submission", payload).media == row("submission", parent).media


ODD = {
    "poll": lambda payload: payload.get("poll_data"),
    "gallery": lambda payload: payload.get("gallery_data"),
    "video": lambda payload: payload.get("is_video"),
    "crosspost": lambda payload: payload.get("crosspost_parent_list"),
    "not for everybody": lambda payload: payload.get("over_18"),
    "spoiler": lambda payload: payload.get("spoiler"),
    "edited": lambda payload: isinstance(payload.get("edited"), float),
    "deleted author": lambda payload: payload.get("author") == "[deleted]",
    "score hidden": lambda payload: payload.get("score_hidden"),
    "below zero": lambda payload: (payload.get("score") or 0) < 0,
}


def test_whatever_is_odd_about_them_is_kept_in_the_payload(submissions, comments):
    found = Counter()
    for kind, things in (("submission", submissions), ("comment", comments)):
        for thing in things:
            kept = next(events_of(kind, [thing], "reddit.com", SEEN))
            assert json.loads(kept.payload_json) == thing
            found.update(name for name, is_so in ODD.items() if is_so(thing))
    assert found.keys() == ODD.keys()


def test_galleries_videos_and_polls_have_their_columns(saw, transform, rows):
    poll = {"total_vote_count": 3, "options": [{"id": "1", "text": "yes"}]}
    gallery = {
        "gallery_data": {"items": [{"media_id": "m1"}]},
        "media_metadata": {"m1": {"e": "Image", "s": {"u": "https://i.example/1.jpg"}}},
    }
    for name, more in (("t3_s1", {"poll_data": poll}), ("t3_s2", gallery), ("t3_s3", {})):
        what = {"source": "reddit", "instance": "reddit.com", "event_type": "submission"}
        saw(GOOD | more | {"id": name[3:], "name": name}, post_id=name, **what)
    transform()
    shown = {row["id"]: row for row in rows("transformed_toots_with_sentiment_data")}
    assert shown["t3_s1"]["poll"] == poll
    assert [one["type"] for one in shown["t3_s2"]["media_attachments"]] == ["image"]
    assert (shown["t3_s3"]["poll"], shown["t3_s3"]["media_attachments"]) == (None, None)


def test_who_was_suspended_is_known_by_the_name_beside_what_they_wrote():
    """Reddit goes on to show the name, and gives nothing else of the account."""
    suspended = {name: GOOD[name] for name in GOOD if name != "author_fullname"}
    post, account = events_of("submission", [suspended], "reddit.com", SEEN)
    assert json.loads(post.payload_json) == suspended
    assert json.loads(account.payload_json) == {"author": "ana", "author_fullname": None}
    [author] = cleaned("account", json.loads(account.payload_json)).accounts
    assert row("submission", suspended).account_uri == author.account_uri
    nothing_told = (author.account_created_at, author.followers_count, author.statuses_count)
    assert nothing_told == (None, None, None)


GOOD = {
    "id": "s1",
    "name": "t3_s1",
    "subreddit": "python",
    "title": "Hello",
    "selftext": "",
    "author": "ana",
    "created_utc": 1_785_000_000.0,
    "num_comments": 0,
    "score": -3,
    "edited": False,
}
ANSWER = {
    **{name: GOOD[name] for name in ("subreddit", "author", "created_utc", "score", "edited")},
    "id": "c1",
    "name": "t1_c1",
    "link_id": "t3_s1",
    "parent_id": "t3_s1",
    "body": "hi",
}


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("submission", {"title": " "}, "the submission has no title"),
        ("submission", {"title": None}, "the submission has no title"),
        ("submission", {"created_utc": 1_900_000_000.0}, "created_utc is more than 5 minutes"),
        ("comment", {"created_utc": 1_900_000_000.0}, "created_utc is more than 5 minutes"),
        ("submission", {"created_utc": "yesterday"}, "created_utc is no time"),
        ("submission", {"created_utc": None}, "created_utc is no time"),
        ("submission", {"subreddit": None}, "names no subreddit"),
        ("comment", {"subreddit": ""}, "names no subreddit"),
        ("submission", {"num_comments": -1}, "num_comments is negative"),
        ("submission", {"name": "s1"}, "its id is not t3_ and a number"),
        ("submission", {"name": None}, "its id is not t3_ and a number"),
        ("submission", {"name": "t1_s1"}, "its id is not t3_ and a number"),
        ("comment", {"name": "t3_c1"}, "its id is not t1_ and a number"),
        ("comment", {"parent_id": None}, "does not say what it answers"),
        ("comment", {"parent_id": "c9"}, "does not say what it answers"),
        ("comment", {"link_id": ""}, "to which submission it belongs"),
        ("comment", {"link_id": "t1_c2"}, "to which submission it belongs"),
        ("comment", {"body": ""}, "neither text nor media"),
    ],
)
def test_what_breaks_a_rule_is_a_letter_that_names_it(kind, changes, sentence):
    payload = (GOOD if kind == "submission" else ANSWER) | changes
    assert sentence in refusal(kind, payload)


@pytest.mark.parametrize(("kind", "payload"), [("submission", GOOD), ("comment", ANSWER)])
def test_every_column_of_its_schema_can_be_what_is_wrong(kind, payload):
    columns = set(reddit.rules(kind).columns) - {"observed_at", "num_comments"}
    for name in columns:
        [letter] = cleaned(kind, payload | {name: None}).letters
        assert letter.error_class == "QualityRule", name


def test_a_score_below_zero_is_fine_and_a_private_subreddit_stays_private():
    assert row("submission", GOOD).favourites_count == -3
    assert row("comment", ANSWER | {"subreddit_type": "private"}).visibility == "private"
    assert row("comment", ANSWER).visibility == "public"


def test_an_author_becomes_an_account_by_name():
    [account] = cleaned("account", {"author": "ana", "author_fullname": "t2_1"}).accounts
    assert (account.account_id, account.acct) == ("ana", "ana")
    assert (account.account_uri, account.followers_count) == (
        "https://reddit.com/user/ana",
        None,
    )


def test_links_lead_nowhere_but_to_the_web():
    for permalink in ("javascript:alert(1)", "/r/x/\x00", 7, "//evil.example/x"):
        url = row("submission", GOOD | {"permalink": permalink}).url
        assert url is None or url.startswith("https://")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = sorted({*GOOD, *ANSWER, "permalink", "gallery_data", "media_metadata", "media", "secure_media",
                 "crosspost_parent_list", "url", "over_18", "spoiler", "removed_by_category", "hide_score",
                 "score_hidden", "selftext_html", "body_html", "num_crossposts", "subreddit_type"})  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["submission", "comment", "account"]),
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING),
)
def test_nothing_that_a_server_sends_raises_past_the_boundary(kind, changes):
    payload = (ANSWER if kind == "comment" else GOOD) | changes
    result = cleaned_one(kind, payload)
    assert len(result.posts) + len(result.accounts) + len(result.letters) == 1


def cleaned_one(kind, payload):
    asked = event(kind, payload, post_id="t3_s1" if kind != "comment" else "t1_c1")
    return clean([asked], (1, 2, 3), **HOW)


COMMENT = {
    "id": "c1",
    "name": "t1_c1",
    "subreddit": "x",
    "subreddit_type": "public",
    "link_id": "t3_s1",
    "parent_id": "t3_s1",
    "created_utc": 1785000000,
    "score": 1,
}


@pytest.mark.parametrize(
    ("body", "author", "is_gone"),
    [
        ("[ Removed by Reddit ]", "[deleted]", True),
        ("[ Removed by reddit in response to a copyright notice. ]", "[deleted]", True),
        ("[removed]", "[deleted]", True),
        ("[removed]", "somebody", False),
        ("[removed] by hand", "[deleted]", False),
    ],
)
def test_a_comment_that_reddit_removed_is_deleted_in_whatever_words(body, author, is_gone):
    post = row("comment", COMMENT | {"body": body, "author": author})
    assert post.is_deleted == is_gone


def test_an_author_may_write_that_something_was_removed():
    said = {"id": "s1", "name": "t3_s1", "title": "why", "selftext": "[removed]"}
    payload = COMMENT | said | {"author": "somebody", "num_comments": 0}
    assert row("submission", payload | {"removed_by_category": None}).is_deleted is False
    assert row("submission", payload | {"removed_by_category": "moderator"}).is_deleted
