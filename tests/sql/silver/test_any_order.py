"""The same observations, in whatever order and however split over loads, leave the same silver."""

from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chorus.pipelines.silver import check_silver
from tests.sql.silver.conftest import AccountLook, Look
from tests.sql.silver.natural import QUERIES, difference, naturally

POSTS = ["1", "2", "3", "4"]
INSTANCES = ["home.example", "away.example", "zoo.example"]
CREATED = {post: -60 + 10 * place for place, post in enumerate(POSTS)}

post_looks = st.builds(
    Look,
    post=st.sampled_from(POSTS),
    seen=st.integers(0, 9),
    home=st.sampled_from(INSTANCES[:2]),
    instance=st.sampled_from(INSTANCES),
    author=st.sampled_from(["ada", "bob"]),
    text=st.sampled_from(["hello", "goodbye", ""]),
    created=st.sampled_from(sorted(CREATED.values())),
    edited=st.sampled_from([None, None, 1, 2]),
    counts=st.tuples(*[st.sampled_from([None, 0, 3])] * 3),
    tags=st.sampled_from([(), ("Cats",), ("cats", "Dogs"), ("Dogs",)]),
    mentions=st.sampled_from([(), ("bob",), ("bob", "bob", "ada")]),
    media=st.sampled_from([(), ("a.png",), ("b.png", "a.png")]),
    answers=st.sampled_from([None, *POSTS]),
    visibility=st.sampled_from(["public", "public", "private"]),
    gone=st.sampled_from([False, False, False, True]),
    run=st.sampled_from(["run/1", "run/2"]),
)
account_looks = st.builds(
    AccountLook,
    account=st.sampled_from(["ada", "bob"]),
    seen=st.integers(-80, 9),
    home=st.sampled_from(INSTANCES[:2]),
    instance=st.sampled_from(INSTANCES),
    acct=st.sampled_from(["ada", "ada2"]),
    followers=st.sampled_from([1, 20_000]),
)
moods = st.tuples(
    post_looks.filter(lambda look: not look.gone), st.sampled_from(["negative", "positive"])
)


@st.composite
def two_arrivals(draw):
    """The same things to load, split over loads in two ways."""
    things = draw(
        st.lists(st.one_of(post_looks, post_looks, account_looks), min_size=3, max_size=14)
    )
    scored = draw(
        st.lists(
            moods,
            max_size=3,
            unique_by=lambda mood: (mood[0].post_id, mood[0].instance, mood[0].text),
        )
    )
    seen = [thing for thing in things if isinstance(thing, Look) and not thing.gone]
    if seen:
        scored += draw(
            st.lists(
                st.tuples(st.sampled_from(seen), st.sampled_from(["negative", "positive"])),
                max_size=2,
                unique_by=lambda mood: (mood[0].post_id, mood[0].instance, mood[0].text),
            )
        )
    unique = {(look.post_id, look.instance, look.text): (look, label) for look, label in scored}
    everything = [*things, *unique.values()]
    return [_split(draw, draw(st.permutations(everything))) for _ in range(2)]


def _split(draw, things):
    cuts = sorted(draw(st.lists(st.integers(0, len(things)), max_size=5)))
    return [things[start:end] for start, end in pairwise([0, *cuts, len(things)])]


def test_any_order_and_batching_leaves_the_same_silver(silver, owner):
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(two_arrivals(), st.booleans())
    def agrees(arrivals, redact):
        left = []
        for batches in arrivals:
            silver.connection.rollback()
            _empty(owner)
            for batch in batches:
                for thing in batch:
                    if isinstance(thing, tuple):
                        silver.score(*thing)
                    else:
                        silver.observe(thing)
                silver.load(redact_deleted=redact)
            check_silver(silver.connection, silver.settings, whole=True)
            left.append(naturally(silver.connection))
        assert difference(*left) == {}

    agrees()


def _empty(owner):
    tables = [f"dim_facts.{table}" for table in QUERIES]
    owner.execute(
        f"truncate {', '.join(tables)}, dim_facts.post_sentiments, bronze.post_observations,"
        " bronze.account_observations, bronze.posts_to_load, bronze.accounts_to_load"
    )
