"""Our messages pass Discord's own validation, as the demo network enforces it, whatever they are made of."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus.demo.servers.discord_rules import complaints, is_empty
from chorus.domain.window import Window
from chorus.notify.extremes import extremes_message
from chorus.notify.message import EMBEDS, Embed, Field, Message
from chorus.notify.summary import bar, summary_message
from chorus.notify.wave import Hashtag, Mood, MoodyPost, Summary

WINDOW = Window(datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC))
COUNT = st.integers(min_value=0, max_value=10**12)
POSTS = st.lists(
    st.builds(
        MoodyPost,
        author=st.text(max_size=400),
        text=st.text(max_size=6000),
        confidence=st.floats(0, 1),
        replies=COUNT,
        reblogs=COUNT,
        favourites=COUNT,
        url=st.one_of(st.none(), st.text(max_size=50), st.just("https://a.example/1")),
    ),
    max_size=5,
)
HASHTAGS = st.lists(
    st.builds(Hashtag, name=st.text(max_size=600), posts=COUNT, posts_before=COUNT), max_size=5
)
MOODS = st.builds(
    Mood,
    posts=COUNT,
    accounts=COUNT,
    negative=COUNT,
    neutral=COUNT,
    positive=COUNT,
    mean=st.one_of(st.none(), st.floats(-1, 1)),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(POSTS)
def test_posts_of_any_content_make_an_acceptable_message_about_each(posts):
    payload = extremes_message("most_positive", WINDOW, (), posts).payload()
    assert complaints(payload) == []
    assert len(payload["embeds"]) == len(posts)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MOODS, MOODS, HASHTAGS, st.text(max_size=3000))
def test_a_summary_of_anything_is_acceptable(now, before, hashtags, url):
    summary = Summary(
        window=WINDOW,
        now=now,
        before=before,
        last_week=before,
        hashtags=tuple(hashtags),
        risers=tuple(hashtags),
        quality=99.0,
        seconds=(("extract", 12.0),),
        run_url=url,
    )
    payload = summary_message(summary).payload()
    assert complaints(payload) == []
    assert not is_empty(payload)


def test_nobody_is_pinged():
    assert Message((Embed("x"),)).payload()["allowed_mentions"] == {"parse": []}


def test_a_template_in_a_post_stays_what_it_is():
    post = MoodyPost("eve", "{{ 7*7 }} {% raw %}", 0.9, 0, 0, 0)
    [embed] = extremes_message("most_negative", WINDOW, (), [post]).embeds
    assert embed.description == r"{{ 7\*7 }} {% raw %}"


def test_more_than_discord_takes_is_left_out_rather_than_refused():
    embeds = tuple(
        Embed("t" * 300, "d" * 5000, fields=(Field("", "v" * 2000),) * 30)
        for _ in range(EMBEDS)
    )
    payload = Message(embeds).payload()
    assert complaints(payload) == []
    assert len(payload["embeds"]) < EMBEDS


def test_the_bar_always_has_the_same_length():
    for negative in range(30):
        for positive in range(1, 30):
            mood = Mood(99, 9, negative=negative, neutral=3, positive=positive)
            assert len(bar(mood)) == 12


def test_the_summary_says_what_changed():
    now = Mood(120, 40, negative=10, neutral=50, positive=60, mean=0.4)
    before = Mood(100, 40, negative=10, neutral=50, positive=40, mean=0.3)
    [embed] = summary_message(Summary(WINDOW, now, before, Mood())).embeds
    said = {field.name: field.value for field in embed.fields}
    assert said["Against the window before"] == "posts +20 %, mood +0.10"
    assert said["Against the same time last week"] == "nothing to compare with"
    assert "50 % positive, mean +0.40" in embed.description
    assert embed.title == "What was said · 20 Nov 2026, 09:00 to 10:00 UTC"
