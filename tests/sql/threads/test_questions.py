"""Comment depths and viral chains, against what the same trees say when they are walked in Python."""

import pytest

from chorus.warehouse import threads

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
    assert (first["depth"], first["shared_steps"]) == (7, 0)
    assert (second["depth"], second["shared_steps"]) == (6, 5)


def test_a_chain_ends_before_what_would_take_its_engagement_away(read, chains):
    disliked = comment(90, "t1_c5", "t3_s1", score=-500)
    read([submission(1)], [*chain_of(6, "t3_s1"), disliked])
    [chain] = chains()
    assert chain["steps"][-1]["url"].endswith("/c5/")
