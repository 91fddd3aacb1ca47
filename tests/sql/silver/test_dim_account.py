"""The history of accounts, against an oracle in plain Python, whatever order observations arrive in."""

import itertools

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.sql.silver.conftest import AccountLook, Look, at

HISTORIES = 500
TIERS = ((1_000_000, "Mega"), (100_000, "Macro"), (10_000, "Mid"))

looks = st.builds(
    AccountLook,
    seen=st.integers(0, 12),
    acct=st.sampled_from(["ada", "ada2"]),
    name=st.sampled_from(["Ada", None]),
    bot=st.booleans(),
    followers=st.sampled_from([None, 1, 9_999, 10_000, 99_999, 100_000, 5_000_000]),
    following=st.integers(0, 2),
)
posts = st.lists(st.integers(-3, 15), max_size=3, unique=True)


def oracle(history):
    """One pass over the observations in the order in which they were made."""
    ordered = sorted(history, key=lambda look: (look.seen, look.row()["raw_event_id"]))
    moments = {look.seen: look for look in ordered}
    versions = []
    for look in moments.values():
        tier = next((name for least, name in TIERS if (look.followers or 0) >= least), "Micro")
        told = (look.acct, look.name, look.bot, tier)
        if not versions or versions[-1][0] != told:
            versions.append([told, at(look.seen), None])
        versions[-1][2] = (look.followers, look.following)
    return [(told, opened, counters) for told, opened, counters in versions]


@st.composite
def arrivals(draw):
    """A history, and the loads in which it arrives: reordered, split, some of it twice."""
    history = draw(st.lists(looks, min_size=1, max_size=8))
    arriving = draw(
        st.permutations(history + draw(st.lists(st.sampled_from(history), max_size=3)))
    )
    cuts = sorted(draw(st.lists(st.integers(0, len(arriving)), max_size=2)))
    edges = [0, *cuts, len(arriving)]
    return [arriving[start:end] for start, end in itertools.pairwise(edges)]


def test_five_hundred_histories_are_what_arrival_in_order_gives(silver):
    """Each history is an account of its own; twenty-five examples of twenty accounts each share their loads."""
    seen = 0

    @settings(
        max_examples=HISTORIES // 20,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(arrivals(), posts), min_size=20, max_size=20))
    def agrees(accounts):
        nonlocal seen
        named = []
        for batches, created in accounts:
            seen += 1
            named.append((f"a{seen}", batches, created))
        for turn in range(3):
            arriving = []
            for name, batches, created in named:
                if turn < len(batches):
                    arriving += [_of(name, look) for look in batches[turn]]
                if turn == 0:
                    arriving += [
                        Look(post=f"{name}-{minute}", author=name, created=minute, seen=20)
                        for minute in created
                    ]
            silver.load(*arriving)
        for name, batches, created in named:
            history = [_of(name, look) for batch in batches for look in batch]
            assert _versions(silver, name) == oracle(history)
            assert _versions_of_posts(silver, name) == [
                (at(minute), _valid(oracle(history), at(minute))) for minute in sorted(created)
            ]

    agrees()
    assert seen >= HISTORIES


def _of(name, look):
    return AccountLook(**{**look.__dict__, "account": name})


def _versions(silver, name):
    rows = silver.rows(
        "select (acct, display_name, is_bot, influence_tier)::text, acct, display_name, is_bot,"
        " influence_tier, valid_from, valid_to, followers_count, following_count, is_current"
        f" from dim_facts.dim_account where account_id = 'h-{name}' order by valid_from".replace(
            "valid_from, valid_to",
            "nullif(valid_from, '-infinity'), nullif(valid_to, 'infinity')",
        )
    )
    ends = [row[6] for row in rows]
    assert rows[0][5] is None
    assert ends == [row[5] for row in rows[1:]] + [None]
    assert [row[9] for row in rows] == [False] * (len(rows) - 1) + [True]
    first = silver.value(
        f"select min(observed_at) from bronze.account_observations where account_id = 'h-{name}'"
    )
    return [(row[1:5], row[5] or first, row[7:9]) for row in rows]


def _versions_of_posts(silver, name):
    return silver.rows(
        "select f.created_at, row(a.acct, a.display_name, a.is_bot, a.influence_tier)::text"
        " from dim_facts.fact_toot_engagement f join dim_facts.dim_account a using (account_key)"
        f" where a.account_id = 'h-{name}' order by 1"
    )


def _valid(versions, moment):
    told = versions[0][0]
    for version, opened, _ in versions[1:]:
        if opened <= moment:
            told = version
    acct, name, bot, tier = told
    return f"({acct},{name or ''},{'t' if bot else 'f'},{tier})"
