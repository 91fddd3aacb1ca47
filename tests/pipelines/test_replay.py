"""What could not be taken in, or was taken in by code that was wrong, is taken in again."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg.rows import dict_row

from chorus.domain.errors import ConfigurationError
from chorus.domain.events import refused_by_warehouse
from chorus.domain.window import Window
from chorus.pipelines.extract import keep
from chorus.pipelines.replay import Run, Span, asked_for, count, replay
from chorus.pipelines.transform import transform_pending
from chorus.pipelines.wave import load_star, refresh_gold, run_replay
from chorus.sentiment.active import active_model_keys
from chorus.sources.mastodon_events import events_of
from chorus.sources.page import Page
from chorus.transform import plain_text, statuses
from chorus.warehouse import dead_letters
from chorus.warehouse.dead_letters import Wanted

SEEN = datetime(2026, 8, 2, 12, tzinfo=UTC)
DAY = Window(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC))
EVERY_TABLE = (
    "bronze.post_observations",
    "bronze.account_observations",
    "bronze.transformed_toots_with_sentiment_data",
    "dim_facts.dim_content",
    "dim_facts.dim_account",
    "dim_facts.fact_toot_engagement",
    "dim_facts.post_versions",
    "dim_facts.post_sentiments",
    "analytics.mv_daily_engagement_summary",
    "analytics.rollup_day",
)


@pytest.fixture
def settings(warehouse_settings):
    return warehouse_settings.model_copy(update={"sentiment_backend": "vader"})


@pytest.fixture
def bronze(warehouse, settings):
    """Keeps statuses as they were seen, and cleans what waits."""

    def take_in(*found, run="first", seen=SEEN):
        looks = [look for one in found for look in events_of(one, "a.example", seen)]
        keep(warehouse, settings, Page.of(looks), run)
        return clean(run)

    def clean(run):
        keys = [key.text for key in active_model_keys(settings)]
        return transform_pending(warehouse, settings, run, keys)

    take_in.clean = clean
    return take_in


@pytest.fixture
def look(warehouse):
    def rows(statement):
        with warehouse.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(statement).fetchall()
        warehouse.commit()
        return found

    return rows


@pytest.fixture
def everything(look):
    return lambda: {
        table: look(f"select row::text from {table} as row order by 1") for table in EVERY_TABLE
    }


def status(number="1", **changes):
    account = {"id": "7", "acct": "ana", "created_at": "2020-01-01T00:00:00Z"}
    return {
        "id": number,
        "created_at": "2026-08-01T10:00:00Z",
        "uri": f"https://a.example/{number}",
        "visibility": "public",
        "language": "en",
        "content": "<p>A lovely day</p>",
        "account": account | {"uri": "https://a.example/ana", "followers_count": 3},
        "replies_count": 1,
        "reblogs_count": 0,
        "favourites_count": 2,
    } | changes


def again(warehouse, settings, asked):
    return dict(run_replay(warehouse, settings, asked))


def test_a_letter_of_extract_goes_through_the_boundary_again(
    warehouse, settings, bronze, look, monkeypatch
):
    bronze(status(), status("2", created_at="yesterday-ish"))
    [letter] = look("select * from bronze.dead_letters")
    assert letter["observed_at"] == SEEN

    def mended(one, instance, observed_at):
        if one["created_at"] == "yesterday-ish":
            one = one | {"created_at": "2026-08-01T09:00:00Z"}
        yield from events_of(one, instance, observed_at)

    monkeypatch.setattr("chorus.sources.mastodon_events.events_of", mended)
    assert count(warehouse, settings, Wanted()) == {
        "letter: extract mastodon ValidationError": 1
    }
    done = again(warehouse, settings, Wanted())

    assert done["replay"]["letters"] == 1
    [letter] = look("select * from bronze.dead_letters")
    assert letter["replayed_at"] is not None
    [post] = look("select * from bronze.post_observations where post_id = '2'")
    assert (post["observed_at"], post["created_at"].hour) == (SEEN, 9)
    assert len(look("select * from dim_facts.fact_toot_engagement")) == 2


def test_one_that_fails_again_says_so_and_counts(warehouse, settings, bronze, look):
    bronze(status("1", created_at="never"), status("2", content=7), status("3\x00"))
    before = look("select id, stage, error from bronze.dead_letters order by id")
    assert [row["stage"] for row in before] == ["extract", "extract", "transform"]

    for tries in (2, 3):
        again(warehouse, settings, Wanted())
        letters = look("select * from bronze.dead_letters order by id")
        assert [(row["id"], row["stage"], row["error"]) for row in letters] == [
            (row["id"], row["stage"], row["error"]) for row in before
        ]
        assert {row["tries"] for row in letters} == {tries}
        assert {row["replayed_at"] for row in letters} == {None}
        assert all(row["pipeline_run_id"].startswith("cli/") for row in letters)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_letter_of_transform_is_cleaned_again_though_its_raw_event_be_gone(
    warehouse, settings, bronze, look, monkeypatch, is_kept
):
    bronze(status(content=7))
    if not is_kept:
        warehouse.execute("delete from bronze.raw_events")
    monkeypatch.setattr(statuses, "text", lambda payload, name: str(payload.get(name) or ""))

    done = again(warehouse, settings, Wanted(stage="transform"))

    assert done["replay"].get("events_waiting", 0) == int(is_kept)
    [post] = look("select content_text, observed_at from bronze.post_observations")
    assert post == {"content_text": "7", "observed_at": SEEN}
    [letter] = look("select replayed_at from bronze.dead_letters")
    assert letter["replayed_at"] is not None


def test_a_text_that_broke_a_model_is_read_again_by_that_model_alone(
    warehouse, settings, bronze, look
):
    bronze(status())
    warehouse.execute("delete from bronze.posts_to_score")
    [event] = [
        one for one in events_of(status(), "a.example", SEEN) if one.event_type == "status"
    ]
    refused = refused_by_warehouse(event, RuntimeError("it died"))
    for model in (active_model_keys(settings)[0].text, "gone@1#vader/fp32/1"):
        payload = {"model_key": model, "content_text": "A lovely day"}
        letter = type(refused)(
            **{name: getattr(refused, name) for name in ("source", "source_id", "instance")},
            event_type="text",
            post_id="1",
            payload=payload,
            error_class="ModelHostFailed",
            error="it died",
        )
        dead_letters.write(warehouse, [letter], "first", stage="score")
    warehouse.commit()

    done = again(warehouse, settings, Wanted(reason="ModelHostFailed"))

    assert (done["replay"]["posts_to_score"], done["replay"]["letters_left"]) == (1, 1)
    assert done["score"]["scored"] == 1
    left = look("select payload from bronze.dead_letters where replayed_at is null")
    assert [row["payload"]["model_key"] for row in left] == ["gone@1#vader/fp32/1"]


def test_a_bug_in_a_transform_is_mended_for_a_window_in_every_layer(
    warehouse, settings, bronze, look, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr(statuses, "plain_text", lambda _: "dull")
        bronze(status(), status("2", created_at="2026-08-02T10:00:00Z"))
        # Seen once more after an edit and its withdrawal: three looks, two of them at one payload.
        bronze(status(content="<p>Other</p>"), seen=SEEN + timedelta(hours=1))
        bronze(status(), seen=SEEN + timedelta(hours=2))
        list(run_replay(warehouse, settings, Wanted()))
    assert plain_text.plain_text("<p>A lovely day</p>") == "A lovely day"

    again(warehouse, settings, Span(DAY))

    texts = look(
        "select post_id, content_text from bronze.post_observations order by observed_at, 1"
    )
    assert [row["content_text"] for row in texts] == [
        "A lovely day",
        "dull",
        "Other",
        "A lovely day",
    ]
    shown = "select id, content_text, sentiment_label from bronze.transformed_toots_with_sentiment_data order by id"
    assert look(shown) == [
        {"id": "1", "content_text": "A lovely day", "sentiment_label": "positive"},
        {"id": "2", "content_text": "dull", "sentiment_label": "negative"},
    ]
    content = "select post_id, content_text from dim_facts.dim_content order by 1"
    assert [row["content_text"] for row in look(content)] == ["A lovely day", "dull"]
    days = "select positive from analytics.rollup_day where instance <> '*' order by day"
    assert [row["positive"] for row in look(days)] == [1, 0]


def test_the_mood_of_a_window_is_judged_anew(warehouse, settings, bronze, look):
    bronze(status(), status("2", created_at="2026-08-02T10:00:00Z"))
    again(warehouse, settings, Wanted())
    moods = (
        "select positive, neutral from analytics.rollup_day where instance <> '*' order by day"
    )
    strict = settings.model_copy(update={"sentiment_model_threshold": 1})
    mood = Span(DAY, ("mood",), "mastodon")
    assert count(warehouse, settings, mood) == {"posts to score": 1}
    for judge, of_the_day in ((strict, (0, 1)), (settings, (1, 0))):
        done = again(warehouse, judge, mood)
        assert done["replay"] == {"posts to score": 1}
        found = look(moods)
        assert [(day["positive"], day["neutral"]) for day in found] == [of_the_day, (1, 0)]


def test_a_model_that_comes_back_reads_what_came_meanwhile_and_shows_its_own_mood(
    warehouse, settings, bronze, look
):
    bronze(status(), status("2"))
    again(warehouse, settings, Wanted())
    shown = "select sentiment_label from bronze.transformed_toots_with_sentiment_data"
    warehouse.execute(
        "update bronze.transformed_toots_with_sentiment_data set sentiment_label = 'negative',"
        """ sentiment_scores = '{"negative": 1}'"""
    )
    warehouse.execute("delete from dim_facts.post_sentiments where post_id = '2'")
    warehouse.commit()

    done = again(warehouse, settings, Span(DAY, ("mood",)))

    assert (done["score"]["scored"], done["load"]["posts"]) == (2, 2)
    assert look(shown) == [{"sentiment_label": "positive"}] * 2
    assert len(look("select * from dim_facts.post_sentiments")) == 2
    assert again(warehouse, settings, Span(DAY, ("mood",)))["load"]["posts"] == 0


@pytest.mark.parametrize("redact", [False, True])
def test_replaying_what_is_right_changes_no_row_however_often(
    warehouse, settings, bronze, look, everything, redact
):
    settings = settings.model_copy(update={"redact_deleted": redact})
    bronze(status(), status("2", content=7), status("3"), run="the run")
    bronze(status(content="<p>Other</p>"), seen=SEEN + timedelta(hours=1))
    bronze(status(), seen=SEEN + timedelta(hours=2))
    load_star(warehouse, settings, "load")
    gone = {"id": "3", "http_status": 404}
    [event] = [
        one for one in events_of(status("3"), "a.example", SEEN) if one.event_type == "status"
    ]
    deleted = type(event).model_validate(
        event.model_dump(include=set(type(event).model_fields))
        | {"event_type": "deletion", "payload": gone, "observed_at": SEEN + timedelta(hours=3)}
    )
    keep(warehouse, settings, Page((deleted,), ()), "first")
    keys = [key.text for key in active_model_keys(settings)]
    transform_pending(warehouse, settings, "first", keys)
    warehouse.execute(
        "insert into bronze.pipeline_runs (pipeline_run_id, dag_id, run_id, code_version)"
        " values ('the run', 'cli', 'x', '1')"
    )
    # What waits is done, so that only a replay could change anything.
    list(run_replay(warehouse, settings, Wanted(reason="nothing")))
    before = everything()
    assert len(before["bronze.post_observations"]) == 5

    layers = ("bronze", "mood", "silver", "gold")
    whole = Span(Window(DAY.since, SEEN + timedelta(days=1)), layers)
    for asked in (whole, whole, Span(DAY, ("silver",), "mastodon")):
        again(warehouse, settings, asked)
        assert everything() == before
        [letter] = look("select replayed_at, discarded_at from bronze.dead_letters")
        assert set(letter.values()) == {None}


def test_a_run_is_its_raw_events_and_its_letters(warehouse, settings, bronze, look):
    warehouse.execute(
        "insert into bronze.pipeline_runs (pipeline_run_id, dag_id, run_id, code_version)"
        " values ('the run', 'cli', 'x', '1')"
    )
    bronze(status(), status("2", content=7), run="the run")
    bronze(status("3"), run="another")
    counted = count(warehouse, settings, Run("the run"))
    assert counted == {
        "mastodon account": 1,
        "mastodon status": 2,
        "letter: transform mastodon Unfit": 1,
    }
    assert look("select * from bronze.raw_events where not processed") == []
    replay(warehouse, settings, Run("the run"), "again")
    waiting = look("select post_id from bronze.raw_events where not processed order by 1")
    assert [row["post_id"] for row in waiting] == ["1", "2", "7"]
    with pytest.raises(ConfigurationError, match="There is no run nobody"):
        count(warehouse, settings, Run("nobody"))


def test_letters_are_chosen_by_what_they_are(warehouse, settings, bronze):
    bronze(status("1", created_at="never"), run="one")
    bronze(status("2", content=7), run="two")

    def chosen(**wanted):
        return sum(count(warehouse, settings, Wanted(**wanted)).values())

    now = datetime.now(UTC)
    assert chosen() == 2
    assert (
        chosen(reason="ValidationError") == chosen(stage="transform") == chosen(run="one") == 1
    )
    assert chosen(source="reddit") == chosen(until=now - timedelta(hours=1)) == 0
    assert chosen(since=now - timedelta(hours=1)) == 2


def test_what_was_discarded_is_not_replayed_and_comes_anew(warehouse, settings, bronze, look):
    bronze(status("1", created_at="never"))
    [letter] = dead_letters.choose(warehouse, Wanted())
    assert dead_letters.discard(warehouse, [letter["id"]]) == 1
    assert dead_letters.discard(warehouse, [letter["id"]]) == 0
    assert count(warehouse, settings, Wanted()) == {}
    bronze(status("1", created_at="never"))
    assert len(look("select * from bronze.dead_letters")) == 2


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"what": "window", "from": "2026-08-01T00:00Z"}, "both from and to"),
        ({"what": "window", "from": "x", "to": "y"}, "no moment"),
        (
            {"what": "window", "from": "2026-08-02T00:00Z", "to": "2026-08-01T00:00Z"},
            "is empty",
        ),
        ({"what": "run"}, "takes its name"),
    ],
)
def test_params_that_do_not_go_together_are_a_sentence(params, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        asked_for(params)


def test_the_views_are_fresh_after_a_replay(warehouse, settings, bronze, look):
    bronze(status())
    again(warehouse, settings, Wanted())
    assert not any(refresh_gold(warehouse, "again").values())
    assert look("select posts from analytics.mv_daily_engagement_summary limit 1") == [
        {"posts": 1}
    ]
