"""Comment depths and viral chains, against what the same trees say when they are walked in Python."""

from datetime import UTC, datetime

import pytest

from chorus.warehouse import threads
from tests.transform.conftest import status

AT = 1_785_000_000
EVERYBODY = ("public", "unlisted")


def submission(number, subreddit="python", score=10):
    return {
        "id": f"s{number}",
        "name": f"t3_s{number}",
        "subreddit": subreddit,
        "title": f"Thread {number}",
        "selftext": "",
        "author": "ana",
        "score": score,
        "num_comments": 0,
        "num_crossposts": 0,
        "created_utc": AT,
        "edited": False,
        "permalink": f"/r/{subreddit}/comments/s{number}/thread/",
    }


def comment(number, parent, link, *, score=1, body="yes", author="bob"):
    return {
        "id": f"c{number}",
        "name": f"t1_c{number}",
        "parent_id": parent,
        "link_id": link,
        "subreddit": "python",
        "body": body,
        "author": author,
        "score": score,
        "created_utc": AT + 60 + number,
        "edited": False,
        "permalink": f"/r/python/comments/{link[3:]}/thread/c{number}/",
    }


def chain_of(length, link, start=0, score=30):
    names = [link, *(f"t1_c{start + step}" for step in range(length))]
    return [comment(start + step, names[step], link, score=score) for step in range(length)]


@pytest.fixture
def chains(warehouse):
    def ask(**how):
        asked = {
            "min_depth": 5,
            "min_engagement": 100,
            "visibilities": EVERYBODY,
            "source": None,
            "most": 100,
        }
        return threads.viral_chains(warehouse, **asked | how)

    return ask


@pytest.fixture
def depths(warehouse):
    """How many replies are so deep, everywhere together."""

    def ask():
        told = threads.comment_depths(warehouse, visibilities=EVERYBODY, source=None, most=0)
        [levels] = [row["levels"] for row in told] or [{}]
        return levels

    return ask


def test_a_chain_is_told_once_and_as_long_as_it_is(read, chains):
    read([submission(1)], chain_of(7, "t3_s1"))
    [chain] = chains()
    assert (chain["depth"], chain["engagement"], chain["shared_steps"]) == (7, 20 + 7 * 60, 0)
    assert (chain["community"], chain["begins"]) == ("r/python", "Thread 1")
    assert [step["engagement"] for step in chain["steps"]] == [20] + [60] * 7
    assert chain["steps"][-1]["url"].endswith("/c6/")
    assert chains(min_depth=8) == []
    assert chains(min_engagement=441) == []
    assert chains(source="mastodon") == []


def test_what_two_chains_share_is_told_with_the_longer_one_alone(read, chains):
    trunk = chain_of(6, "t3_s1")
    branch = [comment(50, "t1_c3", "t3_s1", score=40), comment(51, "t1_c50", "t3_s1", score=40)]
    read([submission(1)], [*trunk, *branch, comment(60, "t1_c5", "t3_s1", score=1)])
    first, second = chains()
    assert (first["depth"], first["shared_with"], first["shared_steps"]) == (7, None, 0)
    assert (second["depth"], second["shared_with"], second["shared_steps"]) == (6, 1, 5)
    assert [len(chain["steps"]) for chain in (first, second)] == [8, 2]
    assert [step["url"].rpartition("/c")[2] for step in second["steps"]] == ["50/", "51/"]


def test_a_chain_ends_before_what_would_take_its_engagement_away(read, chains):
    disliked = comment(90, "t1_c5", "t3_s1", score=-500)
    read([submission(1)], [*chain_of(6, "t3_s1"), disliked])
    [chain] = chains()
    assert chain["steps"][-1]["url"].endswith("/c5/")


def test_below_a_reply_whose_parent_was_never_read_nothing_counts_until_that_one_comes(
    read, chains, depths
):
    whole = chain_of(9, "t3_s1")
    read(comments=whole[1:])
    assert chains() == []
    assert depths() == {}
    # Its parent answers something as well.
    read(comments=whole[:1])
    assert (chains(), depths()) == ([], {})
    read([submission(1)])
    [chain] = chains()
    assert chain["depth"] == 9
    assert depths() == {str(level): 1 for level in range(1, 10)}


def test_that_is_so_on_mastodon_as_well(read, chains, depths):
    def toot(number):
        answers = None if number == 0 else str(number - 1)
        created = datetime.fromtimestamp(AT + number, UTC).isoformat()
        said = {"created_at": created, "in_reply_to_id": answers, "favourites_count": 50}
        return status(str(number), **said)

    read(statuses=[toot(number) for number in range(3, 10)])
    assert (chains(), depths()) == ([], {})
    read(statuses=[toot(number) for number in range(3)])
    assert [chain["depth"] for chain in chains()] == [9]
    assert depths() == {str(level): 1 for level in range(1, 10)}
