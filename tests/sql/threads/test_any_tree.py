"""Comment depths and viral chains of trees that nobody chose, of both platforms, against a walk in Python."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chorus.warehouse import threads
from tests.sql.threads.test_questions import AT, EVERYBODY, comment, submission
from tests.transform.conftest import status


@dataclass(frozen=True)
class Node:
    """A post; one that does not count was removed, or is not for everybody."""

    number: int
    parent: "Node | None"
    score: int
    counts: bool = True

    @property
    def path(self):
        return [*(self.parent.path if self.parent else ()), self]

    @property
    def depth(self):
        return len(self.path) - 1

    @property
    def engagement(self):
        return 2 * self.score if self.counts else 0

    @property
    def whole(self):
        return sum(one.engagement for one in self.path)


def forest(roll, least):
    """Some deep, some wide; parents before their children."""
    nodes = [Node(number, None, roll.randint(least, 20)) for number in range(4)]
    for number in range(4, 200):
        parent = nodes[-1] if roll.random() < 0.6 else roll.choice(nodes)
        nodes.append(Node(number, parent, roll.randint(least, 40), roll.random() > 0.1))
    return nodes


class Reddit:
    least, community = -20, "r/python"

    def take_in(self, read, nodes):
        roots = [submission(one.number, score=one.score) for one in nodes if not one.parent]
        read(roots, [self.comment(one) for one in nodes if one.parent])

    def comment(self, node):
        removed = {} if node.counts else {"body": "[removed]", "author": "[deleted]"}
        link = f"t3_s{node.path[0].number}"
        above = f"t1_c{node.parent.number}" if node.parent.parent else link
        return comment(node.number, above, link, score=node.score) | removed

    def address(self, node):
        thread = f"https://www.reddit.com/r/python/comments/s{node.path[0].number}/thread/"
        return f"{thread}c{node.number}/" if node.parent else thread


class Mastodon:
    least, community = 0, "mastodon.example"

    def take_in(self, read, nodes):
        read(statuses=map(self.status, nodes))

    def status(self, node):
        return status(
            str(node.number),
            created_at=(
                datetime.fromtimestamp(AT, UTC) + timedelta(seconds=node.number)
            ).isoformat(),
            in_reply_to_id=str(node.parent.number) if node.parent else None,
            visibility="unlisted" if node.counts else "private",
            favourites_count=node.score,
            replies_count=0,
            reblogs_count=0,
        )

    def address(self, node):
        return f"https://mastodon.example/@ana/{node.number}"


def ends_of_chains(nodes, min_depth, min_engagement):
    """Where a chain ends: it is deep and strong enough, and nothing below it is as well."""
    good = [
        node
        for node in nodes
        if node.counts and node.depth >= min_depth and node.whole >= min_engagement
    ]
    passed = {one.number for node in good for one in node.path[:-1]}
    return [node for node in good if node.number not in passed]


@pytest.mark.parametrize("platform", [Reddit(), Mastodon()], ids=["reddit", "mastodon"])
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 9))]
)
def test_chains_and_depths_are_those_of_any_tree(read, warehouse, platform, seed):
    roll = random.Random(seed)
    nodes = forest(roll, platform.least)
    for part in cut(roll, nodes):
        platform.take_in(read, part)

    for asked in ((1, -1000), (3, 50), (5, 100), (8, 300)):
        expected = {platform.address(end): end for end in ends_of_chains(nodes, *asked)}
        found = ask(warehouse, *asked)
        assert {chain["steps"][-1]["url"] for chain in found} == expected.keys(), asked
        order = [(-chain["depth"], -chain["engagement"]) for chain in found]
        assert order == sorted(order)
        told, paths = set(), {None: []}
        for chain in found:
            end = expected[chain["steps"][-1]["url"]]
            assert (chain["depth"], chain["engagement"]) == (end.depth, end.whole)
            assert chain["community"] == platform.community
            # What an earlier chain has told already is not told again: that chain begins with it.
            own = [(step["url"], step["engagement"]) for step in chain["steps"]]
            shared = paths[chain["shared_with"]][: chain["shared_steps"]]
            path = paths[chain["place"]] = shared + own
            assert path == [(platform.address(one), one.engagement) for one in end.path]
            assert not told.intersection(own)
            told.update(own)
        assert ask(warehouse, *asked, most=3) == found[:3]

    levels = Counter(node.depth for node in nodes if node.counts and node.parent)
    whole, *each = threads.comment_depths(
        warehouse, visibilities=EVERYBODY, source=None, most=10
    )
    assert {int(level): replies for level, replies in whole["levels"].items()} == levels
    assert (whole["community"], whole["threads"]) == (platform.community, len(each))
    assert whole["replies"] == sum(levels.values()) == sum(thread["replies"] for thread in each)
    assert whole["max_depth"] == max(levels)
    mean = sum(level * replies for level, replies in levels.items()) / sum(levels.values())
    assert float(whole["mean_depth"]) == pytest.approx(mean, abs=0.006)
    for thread in each:
        mine = Counter(
            node.depth
            for node in nodes
            if node.counts
            and node.parent
            and platform.address(node.path[0]) == thread["thread_url"]
        )
        assert {int(level): replies for level, replies in thread["levels"].items()} == mine
        assert thread["max_depth"] == max(mine)


def cut(roll, nodes):
    """Into three loads, so that some come before what they answer."""
    shuffled = roll.sample(nodes, len(nodes))
    return shuffled[:70], shuffled[70:140], shuffled[140:]


def ask(warehouse, min_depth, min_engagement, most=1000):
    return threads.viral_chains(
        warehouse,
        min_depth=min_depth,
        min_engagement=min_engagement,
        visibilities=EVERYBODY,
        source=None,
        most=most,
    )
