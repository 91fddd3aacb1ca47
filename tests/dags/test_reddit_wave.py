"""A subreddit through the real DAG, from the demo network to silver; and what a run without credentials does."""

import pytest
import yaml

pytestmark = [pytest.mark.slow]


@pytest.fixture
def listening(airflow, tmp_path):
    def listen(*entries):
        file = tmp_path / "reddit.yaml"
        file.write_text(yaml.safe_dump({"reddit": list(entries)}))
        airflow.setenv("TARGETS_FILE", str(file))

    return listen


def test_subreddits_get_into_silver_as_threads_and_one_that_is_banned_holds_nothing_back(
    listening,
    run,
    network,
    warehouse,
):
    demo = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
    known = network.addresses.subreddits[0]
    listening(*({"subreddit": name, **demo} for name in ("banned", known)))
    # A day: there are hours in which nobody answers anybody.
    state, tasks = run("bronze_reddit", hours=24)

    assert (state, sorted(tasks["extract"])) == ("success", ["failed", "success"])
    events = dict(
        warehouse.execute(
            "select event_type, count(*) from bronze.raw_events where processed group by event_type"
        ).fetchall()
    )
    assert events.keys() == {"submission", "comment", "account"}
    [letters] = warehouse.execute("select count(*) from bronze.dead_letters").fetchone()
    assert letters == 0

    assert run("silver_star")[0] == "success"
    [replies] = warehouse.execute(
        "select sum(reply_count) from dim_facts.conversation_threads"
    ).fetchone()
    assert 0 < replies <= events["comment"]


def test_without_credentials_a_run_says_so_in_one_sentence_and_nothing_is_red(
    listening,
    run,
    warehouse,
    caplog,
):
    listening({"subreddit": "python"}, {"subreddit": "rust"})
    state, tasks = run("bronze_reddit")

    assert state == "success"
    assert tasks.pop("list_targets") == ["success"]
    assert {state for states in tasks.values() for state in states} == {"skipped"}
    assert warehouse.execute("select count(*) from bronze.pipeline_runs").fetchone() == (0,)
    [said] = [one.message for one in caplog.records if "REDDIT_CLIENT_ID" in one.message]
    assert said.startswith("Reddit is not read: it wants")


def test_what_needs_no_credentials_is_read_beside_what_lacks_them(
    listening,
    run,
    network,
):
    demo = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
    listening({"subreddit": "python"}, {"subreddit": network.addresses.subreddits[0], **demo})
    state, tasks = run("bronze_reddit", hours=1)

    assert (state, tasks["extract"]) == ("success", ["success"])
