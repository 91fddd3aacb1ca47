"""A window of Mastodon itself, against an oracle that knows when every post was created and when it arrived."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.domain.targets import Target
from chorus.domain.window import Window
from chorus.sources.http import Answer
from chorus.sources.mastodon import Mastodon
from chorus.sources.mastodon_walk import CATCH_UP, MARGIN, WELL_BEFORE, snowflake, told_by

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = Window(SINCE, SINCE + timedelta(hours=1))
LIMIT = 4
TAG = Target(instance="h", base_url="http://h.example", timeline="hashtag", name="python")
ACCOUNT = TAG.model_copy(update={"timeline": "account", "name": "ana"})


@dataclass(frozen=True)
class Post:
    """When it was created, how long it took to come, whether another server wrote it, whether this one fetched it."""

    number: int
    created: datetime
    delay: timedelta
    is_remote: bool
    is_fetched: bool = False

    @property
    def comes(self):
        return self.created + self.delay

    @property
    def id(self):
        return snowflake(self.created if self.is_fetched else self.comes) + self.number


@dataclass
class Server:
    """Answers as Mastodon's timelines do: by id, which is the order of arrival."""

    posts: list[Post]
    now: datetime = SINCE + timedelta(7)
    requests: int = 0
    asked: list = field(default_factory=list)

    def get(self, path, params=None):
        self.requests += 1
        if path.endswith("lookup"):
            self.requests -= 1
            return Answer({"id": "7"}, None, HOUR.until)
        self.asked.append(params)
        seen = [
            post
            for post in sorted(self.posts, key=lambda post: post.id)
            if post.comes < self.now
            and post.id < int(params.get("max_id", 1 << 80))
            and post.id > int(params.get("min_id", 0))
            and (post.is_remote or "remote" not in params)
        ]
        limit = int(params["limit"])
        page = seen[:limit] if "min_id" in params else seen[-limit:]
        body = [
            {"id": str(post.id), "created_at": post.created.isoformat()}
            for post in reversed(page)
        ]
        return Answer(body, {"max_id": body[-1]["id"]} if body else None, self.now)


@st.composite
def timelines(draw):
    """Posts around the hour; other servers' may be delivered or fetched late, up to a day."""
    seconds = st.integers(-3 * 3600, 5 * 3600)
    delays = st.one_of(st.integers(0, 90), st.integers(0, 4 * 3600), st.integers(0, 86_400))
    drawn = draw(
        st.lists(st.tuples(seconds, delays, st.booleans(), st.booleans()), max_size=80)
    )
    return [
        Post(
            number,
            SINCE + timedelta(seconds=second),
            timedelta(seconds=delay if is_remote else min(delay, 90)),
            is_remote,
            is_remote and is_fetched,
        )
        for number, (second, delay, is_remote, is_fetched) in enumerate(drawn)
    ]


def read(
    server,
    late=CATCH_UP,
    target=TAG,
    after=None,
    software="mastodon 4.5.2",
    window=HOUR,
    limit=LIMIT,
):
    source = Mastodon(server, "h", software, limit, late)
    return list(source.read(target, window, after))


def ids(pages):
    return {int(event.post_id) for page in pages for event in page.events}


def created_in(posts):
    return {post.id for post in posts if post.created in HOUR}


@settings(max_examples=200, deadline=None)
@given(timelines(), st.sampled_from([TAG, ACCOUNT]))
def test_a_window_is_exact_or_has_spent_its_pages_and_two(posts, target):
    server = Server(posts)
    found = ids(read(server, target=target))
    wanted = created_in(posts)
    spent_all = server.requests >= ceil(len(found & wanted) / LIMIT) + 2
    assert wanted <= found or spent_all


@settings(max_examples=200, deadline=None)
@given(timelines(), st.integers(5, 24 * 60), st.sampled_from([TAG, ACCOUNT]))
def test_what_was_delivered_no_later_than_others_were_seen_to_be_is_never_missing(
    posts, minutes, target
):
    late = timedelta(minutes=minutes)
    found = ids(read(Server(posts), late, target))
    delays = {post.id: told_by(str(post.id)) - post.created for post in posts}
    shown = [delays[post.id] for post in posts if post.id in found or _is_around(post)]
    slowest = max((delay for delay in shown if MARGIN < delay <= late), default=MARGIN)
    in_time = {post.id for post in posts if post.id < snowflake(HOUR.until + slowest)}
    assert created_in(posts) & in_time <= found


def _is_around(post):
    return snowflake(SINCE - MARGIN) <= post.id < snowflake(HOUR.until + MARGIN)


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_whatever_else_comes_along_was_created_before_the_window_and_arrived_in_it(posts):
    known = {post.id: post for post in posts}
    for extra in ids(read(Server(posts))) - created_in(posts):
        assert known[extra].created < HOUR.since
        assert snowflake(HOUR.since) <= extra < snowflake(HOUR.until)


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_a_window_costs_its_pages_and_two_where_nobody_asks_for_more(posts):
    server = Server(posts)
    read(server, late=MARGIN)
    around = list(filter(_is_around, posts))
    own = ceil(len(created_in(posts)) / LIMIT) + 2
    # Where a backlog arrives in the hour, its pages are what reading the hour takes; the one
    # after the last is asked for, too, since a timeline links to it until a page is empty.
    assert server.requests <= max(own, ceil(len(around) / LIMIT) + 1)


@settings(max_examples=200, deadline=None)
@given(timelines(), st.data())
def test_a_walk_that_is_taken_up_anywhere_finds_the_same(posts, data):
    whole = read(Server(posts))
    cut = data.draw(st.integers(1, len(whole)))
    after = whole[cut - 1].goes_on_at
    again = read(Server(posts), after=after) if after else []
    in_time = {post.id for post in posts if post.id < snowflake(HOUR.until + MARGIN)}
    assert created_in(posts) & in_time <= ids(whole[:cut]) | ids(again)


def test_only_other_servers_posts_are_looked_for_among_the_late_ones():
    post = Post(0, SINCE, timedelta(hours=2), is_remote=True)
    tagged, written, here = Server([post]), Server([post]), Server([post])
    assert ids(read(tagged)) == ids(read(written, target=ACCOUNT)) == {post.id}
    local = TAG.model_copy(update={"timeline": "public", "name": "local"})
    assert ids(read(here, target=local)) == set()
    assert tagged.asked[1].items() > {"remote": "true"}.items()
    assert "remote" not in written.asked[1]
    assert "spare" not in tagged.asked[1]


def busy(late=timedelta(hours=2)):
    """Six hours of a server that delivers a post in twenty late, four to a page."""
    return [
        Post(n, SINCE + timedelta(minutes=n), late * (n % 20 == 0), is_remote=True)
        for n in range(-60, 300)
    ]


def test_a_window_on_its_own_is_followed_as_far_up_as_posts_are_seen_to_take():
    server, thrifty = Server(busy()), Server(busy())
    assert created_in(server.posts) <= ids(read(server))
    assert not created_in(server.posts) <= ids(read(thrifty, late=MARGIN))
    assert thrifty.requests < server.requests < 3.5 * thrifty.requests


def test_a_walk_that_is_taken_up_remembers_how_late_posts_were_seen_to_be():
    whole = read(Server(busy()))
    for cut in range(1, len(whole)):
        again = read(Server(busy()), after=whole[cut - 1].goes_on_at)
        assert created_in(busy()) <= ids(whole[:cut]) | ids(again)


def test_who_brings_old_posts_along_makes_nobody_read_on():
    """What was written years ago and arrives today says nothing of how late posts are."""
    moved_in = Post(1_000, SINCE - timedelta(days=900), timedelta(days=900, minutes=30), True)
    in_time = busy(late=timedelta(0))
    newcomer, server = Server([*in_time, moved_in]), Server(in_time)
    read(newcomer)
    read(server)
    assert newcomer.requests <= server.requests + 1


def test_a_window_that_is_read_as_it_ends_spends_its_two_requests_on_the_hours_before():
    """What was fetched since lies there, and only there."""
    since = [Post(n, SINCE - timedelta(minutes=n), timedelta(0), True) for n in range(10, 17)]
    own = [Post(n, SINCE + timedelta(minutes=n), timedelta(0), True) for n in range(30, 34)]
    fetched = Post(1, SINCE - timedelta(hours=1), timedelta(minutes=90), True, is_fetched=True)
    server = Server([*own, *since, fetched], now=HOUR.until)
    assert ids(read(server)) >= {fetched.id, *(post.id for post in own)}
    assert ["remote" in asked for asked in server.asked] == [False, False, True]


def test_it_goes_no_further_back_than_posts_are_waited_for():
    old = [Post(n, SINCE - timedelta(hours=n), timedelta(0), True) for n in range(2, 20)]
    server = Server(old, now=HOUR.until)
    assert ids(read(server)) == {post.id for post in old if post.created >= SINCE - CATCH_UP}
    assert server.requests == 1


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_read_as_it_ends_a_window_costs_no_more_and_holds_all_there_is(posts):
    server = Server(posts, now=HOUR.until)
    found = ids(read(server))
    there = [post for post in posts if post.comes < HOUR.until]
    wanted = created_in(there)
    assert wanted <= found
    around = list(filter(_is_around, there))
    assert server.requests <= max(ceil(len(wanted) / LIMIT) + 2, ceil(len(around) / LIMIT) + 1)


ELSEWHERE = "pleroma 2.7.2"


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_elsewhere_a_window_read_long_after_is_exact_unless_a_page_of_late_ones_hides_it(posts):
    found = ids(read(Server(posts), software=ELSEWHERE))
    by_arrival = sorted(posts, key=lambda post: -post.id)
    well_before = [post.created < HOUR.since - WELL_BEFORE for post in by_arrival]
    hidden = next(
        (
            n
            for n in range(len(posts))
            if all(well_before[n : n + LIMIT]) and n + LIMIT <= len(posts)
        ),
        len(posts),
    )
    assert found <= created_in(posts)
    assert created_in(by_arrival[:hidden]) <= found


@settings(max_examples=100, deadline=None)
@given(timelines())
def test_elsewhere_windows_read_as_they_end_catch_up_with_what_arrived_late(posts):
    found = set()
    for hour in range(5):
        start = SINCE + hour * timedelta(hours=1)
        window = Window(start, start + timedelta(hours=1))
        server = Server(posts, now=window.until)
        # All on one page: where a walk ends is another matter.
        found |= ids(read(server, software=ELSEWHERE, window=window, limit=100))
    in_time = {post.id for post in posts if post.delay < timedelta(hours=3)}
    assert created_in(posts) & in_time <= found
