"""Who gained most is what adding up every look would say, whatever the span, though hardly any look is read."""

import random
from datetime import timedelta

import pytest

from chorus.warehouse.gold_reads import gain
from chorus.warehouse.statements import render
from tests.sql.silver.conftest import NOON, Look, Silver, at

POSTS, DAYS = 60, 40
HOUR, DAY = 60, 24 * 60


@pytest.fixture
def silver(warehouse, warehouse_settings):
    return Silver(warehouse, warehouse_settings)


def life(roll, post):
    """Looks at one post: close together or far apart, while it gains, and now and then loses."""
    score, seen = roll.randrange(-30, 30), roll.uniform(0, DAYS * DAY)
    for _ in range(roll.randrange(1, 25)):
        yield Look(
            source="reddit", post=post, created=-DAY, seen=seen, counts=(0, round(score), 0)
        )
        seen += roll.choice([1, HOUR, 6 * HOUR, DAY]) * roll.uniform(0.5, 2)
        score += roll.choice([-20, 0, 0, 1000 ** roll.uniform(0, 1)])


def added_up(silver, since, until):
    """An oracle: the gains of every post, the largest first."""
    return silver.rows(
        f"""
        select uri, sum(gained)::bigint as engagement
        from dim_facts.post_metric_snapshots
        inner join analytics.rollup_post using (content_key)
        inner join dim_facts.dim_content using (content_key)
        where captured_at > '{since}' and captured_at <= '{until}'
        group by uri having sum(gained) > 0 order by engagement desc, uri
        """
    )


def test_any_span_is_answered_as_if_every_look_had_been_added_up(silver):
    roll = random.Random(1337)
    lives = [list(life(roll, f"{number:03}")) for number in range(POSTS)]
    late = [looks.pop(roll.randrange(len(looks))) for looks in lives if len(looks) > 3]
    silver.load(*(look for looks in lives for look in looks))
    compare_some_spans(silver, roll)
    silver.load(
        *late,
        *(
            Look(post=f"{number:03}", source="reddit", gone=True, seen=DAYS * DAY)
            for number in range(5)
        ),
    )
    compare_some_spans(silver, roll)
    for days in (20, 60):
        silver.connection.execute(
            render("silver/post_metric_snapshots/thin.sql"),
            {
                "hourly_before": NOON + timedelta(days=days - 7),
                "daily_before": NOON + timedelta(days=days - 30),
            },
        )
        silver.connection.commit()
        compare_some_spans(silver, roll)


def compare_some_spans(silver, roll):
    found = 0
    for _ in range(40):
        since = at(roll.uniform(-DAY, DAYS * DAY))
        until = since + timedelta(
            minutes=roll.choice([HOUR, DAY, 5 * DAY, DAYS * DAY]) * roll.uniform(0.3, 2)
        )
        most = roll.choice([1, 3, 10, 100])
        rows = gain(silver.connection, since=since, until=until, most=most)
        expected = added_up(silver, since, until)
        assert [(row["uri"], row["engagement"]) for row in rows] == expected[:most]
        found += len(rows)
    assert found > 100
