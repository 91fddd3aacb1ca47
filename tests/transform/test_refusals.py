"""What breaks a hard rule, or is no post at all, is kept with the reason."""

import pytest

TOOTS = "transformed_toots_with_sentiment_data"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"created_at": None}, "created_at"),
        ({"created_at": "yesterday"}, "no time"),
        ({"created_at": "2026-08-02T12:05:01Z"}, "5 minutes"),
        ({"content": "<p> </p>"}, "neither text nor media"),
        ({"replies_count": -1}, "replies_count is negative"),
        ({"favourites_count": 2**31 + 1}, "more than anybody has"),
        ({"tags": [{"name": f"t{n}"} for n in range(501)]}, "501 hashtags"),
        ({"content": "<p>" + "x" * 500_000}, "longer than"),
        ({"content": "<div>" * 20_000 + "x"}, "10,000 tags"),
        ({"reblogs_count": "many"}, "whole number"),
        ({"account": None}, "account"),
        ({"account": {"id": "7"}}, "neither acct nor username"),
        ({"uri": "x" * 3000}, "longer"),
        ({"content": 7}, "content is int"),
        ({"tags": "python"}, "tags is str"),
        ({"reblog": {"id": "2"}}, "boost"),
        ({"id": None}, "no id"),
    ],
)
def test_a_status_is_refused(saw, transform, rows, *, status, changes, reason):
    saw(status() | changes, post_id="1")

    counts = transform("run 7")

    assert (counts.claimed, counts.rejected, counts.posts) == (1, 1, 0)
    [letter] = rows("dead_letters")
    assert reason in letter["error"]
    assert letter["stage"] == "transform"
    assert letter["pipeline_run_id"] == "run 7"
    assert letter["payload"] == rows("raw_events")[0]["payload"]
    assert rows("post_observations") == rows(TOOTS) == []
    assert rows("raw_events")[0]["processed"]


@pytest.mark.parametrize(
    "changes",
    [
        {"created_at": "2026-08-02T12:04:59Z"},
        {"content": "", "spoiler_text": "beware"},
        {"replies_count": None, "reblogs_count": None, "favourites_count": None},
        {"created_at": "2026-08-01T10:00:00"},
        {"mentions": [{"acct": "bo"}, {"nothing": 1}, "x"]},
        {"language": ""},
        {"in_reply_to_id": 7},
    ],
)
def test_a_status_may_be(saw, transform, status, changes):
    saw(status() | changes)
    assert transform().rejected == 0


def test_several_broken_rules_are_all_named(saw, transform, rows, status):
    saw(status(content="", replies_count=-1))
    transform()
    [letter] = rows("dead_letters")
    assert letter["error"] == "it has neither text nor media; replies_count is negative"


def test_a_score_of_another_source_may_be_negative(saw, transform, status):
    saw(status(favourites_count=-5), source="lemmy")
    assert transform().rejected == 0


def test_the_same_letter_again_is_one_more_try(saw, transform, rows, status, warehouse):
    saw(status(created_at=None))
    transform()
    warehouse.execute("update bronze.raw_events set processed = false")
    transform()
    [letter] = rows("dead_letters")
    assert letter["tries"] == 2


def test_one_bad_event_does_not_hold_up_the_others(saw, transform, rows, status):
    for number in range(10):
        saw(status(str(number), content=7 if number == 5 else f"<p>{number}</p>"))
    counts = transform()
    assert (counts.posts, counts.rejected) == (9, 1)
    assert len(rows(TOOTS)) == 9


def test_what_only_postgresql_refuses_does_not_hold_up_the_others(
    saw, transform, rows, owner, status
):
    rule = "alter table bronze.post_observations add check (content_text !~ '^odd')"
    owner.execute(rule)
    for number in range(10):
        text = "odd" if number in {0, 5, 6} else "even"
        saw(status(str(number), content=f"<p>{text} {number}</p>"))
    counts = transform()
    assert (counts.claimed, counts.posts, counts.rejected) == (10, 7, 3)
    assert counts.to_score == len(rows(TOOTS)) == len(rows("post_observations")) == 7
    letters = rows("dead_letters")
    assert {letter["error_class"] for letter in letters} == {"CheckViolation"}
    assert {letter["post_id"] for letter in letters} == {"0", "5", "6"}
    assert rows("select from bronze.raw_events where not processed") == []


def test_an_event_type_nobody_cleans_is_kept(saw, transform, rows):
    saw({"id": "1"}, event_type="surprise")
    transform()
    assert "surprise" in rows("dead_letters")[0]["error"]
