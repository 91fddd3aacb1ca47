"""What is said of a wave, when, and that it is said once."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import ChannelSilent, ChannelUnavailable
from chorus.domain.window import Window
from chorus.pipelines.news import News, list_news, read_extremes, read_summary
from chorus.pipelines.notify import say_news

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(NINE, NINE + HOUR)

SAY = """
with account as (
    insert into dim_facts.dim_account (
        source, instance, account_id, acct, is_bot, influence_tier, valid_from, valid_to, is_current
    )
    values ('mastodon', 'a.example', %(post)s, %(author)s, false, 'Micro', '-infinity', 'infinity', true)
    returning account_key
),
content as (
    insert into dim_facts.dim_content (
        source, instance, post_id, uri, url, content_text, visibility, is_reply, created_at
    )
    values (
        %(source)s, 'a.example', %(post)s, 'https://a.example/' || %(post)s,
        'https://a.example/' || %(post)s, %(text)s, %(visibility)s, false, %(at)s
    )
    returning content_key
),
fact as (
    insert into dim_facts.fact_toot_engagement
    select content_key, account_key, 20261120, 0, 9, %(at)s, 1, 2, 3, 11, %(at)s, %(deleted)s, 'x/1', now()
    from content, account
    returning content_key
)
select content_key from content
"""
MOOD = "insert into dim_facts.current_moods values (%s, %s, %s, %s)"
TAG = """
with tag as (
    insert into dim_facts.hashtags (name, shown, first_seen_at, last_seen_at) values (%s, %s, now(), now())
    on conflict (name) do update set last_seen_at = now() returning hashtag_id
)
insert into dim_facts.post_hashtags select %s, hashtag_id, %s from tag
"""
RUN = """
insert into bronze.pipeline_runs (
    pipeline_run_id, dag_id, run_id, source, window_since, window_until, started_at, finished_at, state,
    quality_score, durations, code_version
)
values (%s, 'bronze_mastodon', %s, 'mastodon', %s, %s, %s, %s, %s, 98.0, '{"extract": 12.5, "score": 3}', '1')
"""


class Crowd:
    """People who say things in silver."""

    def __init__(self, connection):
        self.connection = connection
        self.posts = 0

    def say(self, text="hello", *, at=NINE, mood=None, confidence=0.9, tags=(), **other):
        self.posts += 1
        post = {"post": str(self.posts), "author": f"user{self.posts}", "text": text, "at": at}
        defaults = {"visibility": "public", "deleted": None, "source": "mastodon"}
        [key] = self.connection.execute(SAY, {**post, **defaults, **other}).fetchone()
        if mood is not None:
            label = "positive" if mood > 0 else "negative" if mood < 0 else "neutral"
            self.connection.execute(MOOD, (key, label, confidence, mood))
        for tag in tags:
            self.connection.execute(TAG, (tag.lower(), tag, key, at))
        self.connection.commit()


@pytest.fixture
def crowd(warehouse):
    return Crowd(warehouse)


@pytest.fixture
def ran(warehouse):
    """A run that read a window; by default of the hour that has just passed."""

    def ran(name, ago=HOUR, length=HOUR, state="success", done_after=timedelta(minutes=1)):
        until = datetime.now(tz=UTC) - ago + HOUR
        started = datetime.now(tz=UTC) - 2 * done_after
        run_id = f"bronze_mastodon/{name}"
        values = (run_id, name, until - length, until, started, started + done_after, state)
        warehouse.execute(RUN, values)
        warehouse.commit()
        return run_id

    return ran


def news_of(window=WINDOW, subject=None, run=None, source="mastodon"):
    return News(subject or f"{source} {window}", window, run, source)


def test_a_summary_counts_what_counts_and_nothing_else(warehouse, warehouse_settings, crowd):
    crowd.say(mood=0.8, tags=["Python", "Data"])
    crowd.say(mood=-0.4, tags=["Python"])
    crowd.say(at=NINE + HOUR, mood=0.9)
    crowd.say(at=NINE - HOUR, mood=0.1, tags=["Python"])
    crowd.say(at=NINE - timedelta(days=7), mood=0.5)
    crowd.say(visibility="private", mood=0.9)
    crowd.say(deleted=NINE + HOUR, mood=0.9)
    crowd.say()
    summary = read_summary(warehouse, warehouse_settings, [news_of()], None)
    assert (summary.now.posts, summary.now.accounts, summary.now.scored) == (3, 3, 2)
    assert summary.now.mean == pytest.approx(0.2)
    assert (summary.before.posts, summary.last_week.posts) == (1, 1)
    assert [(tag.name, tag.posts) for tag in summary.hashtags] == [("Python", 2), ("Data", 1)]
    assert [(tag.name, tag.posts_before) for tag in summary.risers] == [("Python", 1)]


def test_what_one_source_said_is_not_said_again_because_another_was_read(say, crowd):
    crowd.say("of mastodon", mood=0.9, tags=["Python"])
    crowd.say("of reddit", mood=0.8, tags=["Gardens"], source="reddit")
    channel = Channel()
    for source in ("mastodon", "reddit"):
        for kind in ("summary", "most_positive"):
            say(channel, news_of(source=source), kind=kind)
    mastodon, reddit = channel.messages[:2], channel.messages[2:]
    assert ("of mastodon" in str(mastodon), "of mastodon" in str(reddit)) == (True, False)
    assert ("of reddit" in str(mastodon), "of reddit" in str(reddit)) == (False, True)
    assert ("Python" in str(reddit), "Gardens" in str(mastodon)) == (False, False)
    assert reddit[0].embeds[0].title.startswith("What was said · reddit · 20 Nov")


def test_both_are_in_one_message_where_they_arrived_together_or_nobody_is_named(say, crowd):
    crowd.say(mood=0.9)
    crowd.say(mood=0.8, source="reddit")
    channel = Channel()
    say(channel, news_of(), news_of(source="reddit"))
    say(channel, News("asked by somebody", WINDOW))
    together, asked = (message.embeds[0] for message in channel.messages)
    assert (
        together.title == "What was said · mastodon, reddit · 20 Nov 2026, 09:00 to 10:00 UTC"
    )
    assert asked.title == "What was said · 20 Nov 2026, 09:00 to 10:00 UTC"
    assert together.fields[0].value == asked.fields[0].value == "2 by 2 accounts"


def test_a_summary_of_silence_is_all_zero(warehouse, warehouse_settings):
    summary = read_summary(warehouse, warehouse_settings, [news_of()], None)
    assert (summary.now.posts, summary.now.accounts, summary.now.mean) == (0, 0, None)


def test_a_summary_knows_quality_and_how_long_each_step_took(
    warehouse, warehouse_settings, ran
):
    news = [news_of(run=ran("a")), news_of(run=ran("b"))]
    warehouse.execute(
        "insert into bronze.pipeline_runs"
        " (pipeline_run_id, dag_id, run_id, started_at, finished_at, code_version)"
        " values ('silver_star/1', 'silver_star', '1', now(), now() + interval '1 min', '1')"
    )
    summary = read_summary(warehouse, warehouse_settings, news, "http://here")
    assert summary.quality == 98.0
    assert summary.seconds == (("extract", 25.0), ("score", 6.0), ("silver_star", 60.0))


def test_the_extremes_are_what_the_model_is_surest_about(warehouse, warehouse_settings, crowd):
    for number in range(7):
        crowd.say(f"nice {number}", mood=0.9, confidence=number / 10)
    crowd.say("sad", mood=-0.9)
    posts = read_extremes(warehouse, warehouse_settings, "most_positive", WINDOW)
    assert [post.text for post in posts] == ["nice 6", "nice 5", "nice 4", "nice 3", "nice 2"]
    assert posts[0].author == "user7"
    assert (posts[0].replies, posts[0].reblogs, posts[0].favourites) == (1, 2, 3)
    [saddest] = read_extremes(warehouse, warehouse_settings, "most_negative", WINDOW)
    assert saddest.text == "sad"


def test_news_are_recent_windows(warehouse, warehouse_settings, ran):
    ran("now")
    ran("last week", ago=timedelta(days=7))
    ran("failed", state="failed")
    assert [news.run for news in list_news(warehouse, warehouse_settings)] == [
        "bronze_mastodon/now"
    ]


def test_news_wait_until_silver_has_everything_of_them(warehouse, warehouse_settings, ran):
    warehouse.execute(
        "insert into bronze.posts_to_load (uri, queued_at) values ('u', now() - interval '5 min')"
    )
    ran("now")
    assert list_news(warehouse, warehouse_settings) == []
    warehouse.execute("delete from bronze.posts_to_load")
    assert len(list_news(warehouse, warehouse_settings)) == 1


def test_a_run_that_got_no_further_than_extract_is_no_news(warehouse, warehouse_settings, ran):
    run = ran("stuck", state="partial")
    warehouse.execute(
        "insert into bronze.pipeline_steps (pipeline_run_id, step, target, state, started_at)"
        " values (%s, 'transform', '', 'failed', now())",
        [run],
    )
    assert list_news(warehouse, warehouse_settings) == []


def test_keys_of_news_survive_xcom():
    news = news_of(run="bronze_mastodon/1")
    assert News.from_keys(news.keys) == news


class Channel:
    def __init__(self, *errors):
        self.messages = []
        self.errors = list(errors)

    def __call__(self, message):
        if self.errors:
            raise self.errors.pop(0)
        self.messages.append(message)


@pytest.fixture
def say(warehouse, warehouse_settings):
    def say(channel, *news, kind="summary"):
        return say_news(
            warehouse, warehouse_settings, kind, news, send=channel, run_id="notify_discord/1"
        )

    return say


def test_a_rerun_says_nothing_twice(say):
    channel = Channel()
    assert say(channel, news_of()) == 1
    assert say(channel, news_of()) == 0
    assert len(channel.messages) == 1


def test_waves_that_arrived_together_are_one_message(say):
    channel = Channel()
    later = Window(NINE + HOUR, NINE + 2 * HOUR)
    say(channel, news_of(), news_of(later))
    [message] = channel.messages
    assert message.embeds[0].title.endswith("20 Nov 2026, 09:00 to 11:00 UTC")


def test_only_what_was_not_said_is_said_when_a_new_wave_joins_an_old_one(say):
    channel = Channel()
    later = Window(NINE + HOUR, NINE + 2 * HOUR)
    say(channel, news_of())
    say(channel, news_of(), news_of(later))
    assert channel.messages[1].embeds[0].title.endswith("10:00 to 11:00 UTC")


def test_two_runs_over_one_window_are_one_piece_of_news(say):
    channel = Channel()
    assert say(channel, news_of(run="bronze_mastodon/1"), news_of(run="bronze_mastodon/2")) == 1


def test_a_message_that_was_refused_can_be_said_by_a_retry(say):
    channel = Channel(ChannelUnavailable("busy"))
    with pytest.raises(ChannelUnavailable):
        say(channel, news_of())
    assert say(channel, news_of()) == 1


def test_a_message_that_broke_in_an_unforeseen_way_can_be_said_by_a_retry(say):
    channel = Channel(ValueError("what is that?"))
    with pytest.raises(ValueError, match="what is that"):
        say(channel, news_of())
    assert say(channel, news_of()) == 1


def test_a_message_whose_fate_is_unknown_is_not_repeated(say, caplog):
    channel = Channel(ChannelSilent("It may have arrived."))
    assert say(channel, news_of()) == 1
    assert say(channel, news_of()) == 0
    assert "not sent again" in caplog.text


def test_a_crash_while_sending_says_nothing_twice(say, warehouse):
    channel = Channel(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        say(channel, news_of())
    warehouse.rollback()
    assert say(channel, news_of()) == 0


def test_each_kind_is_said_on_its_own(say, crowd):
    crowd.say("{{ 7*7 }} @everyone", mood=-0.9)
    channel = Channel()
    for kind in ("summary", "most_positive", "most_negative"):
        say(channel, news_of(), kind=kind)
    assert len(channel.messages) == 2
    assert channel.messages[1].embeds[0].description == "{{ 7\\*7 }} @\u200beveryone"


HOURS = """
insert into analytics.rollup_hour
(day, hour, language, posts, engagement, scored, positive, neutral, negative, mood_micros)
select
    (at at time zone 'UTC')::date, extract(hour from at at time zone 'UTC'), 'en', %(scored)s, 0, %(scored)s, 0, 0, 0,
    %(scored)s * (100000 + 50000 * (n %% 2))
from generate_series(1, %(hours)s) as n
cross join lateral (select %(until)s - n * interval '1 hour' as at) as moment
"""


@pytest.mark.parametrize(
    ("mood", "posts", "hours", "scored", "said"),
    [
        (-0.5, 40, 48, 40, "Much darker than usual"),
        (0.5, 40, 48, 40, "Much brighter than usual"),
        (0.15, 40, 48, 40, None),
        (-0.5, 10, 48, 40, None),  # too few posts now
        (-0.5, 40, 48, 10, None),  # too few then
        (-0.5, 40, 20, 40, None),  # too few hours to know what is usual
    ],
)
def test_a_mood_far_from_that_of_two_weeks_is_an_alert_of_its_own(
    say, crowd, warehouse, mood, posts, hours, scored, said
):
    for _ in range(posts):
        crowd.say(mood=mood)
    warehouse.execute(HOURS, {"hours": hours, "scored": scored, "until": NINE})
    warehouse.commit()
    channel = Channel()
    say(channel, news_of(), kind="mood_anomaly")
    titles = [message.embeds[0].title for message in channel.messages]
    assert [title.partition(" · ")[0] for title in titles] == ([said] if said else [])


def test_hours_beyond_two_weeks_are_not_what_is_usual(say, crowd, warehouse):
    for _ in range(40):
        crowd.say(mood=-0.5)
    long_ago = {"hours": 48, "scored": 40, "until": NINE - timedelta(days=14)}
    warehouse.execute(HOURS, long_ago)
    warehouse.commit()
    channel = Channel()
    say(channel, news_of(), kind="mood_anomaly")
    assert channel.messages == []
