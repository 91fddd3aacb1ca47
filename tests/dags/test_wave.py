"""A wave through the real DAGs: from the demo network's API to the views and to Discord, as Airflow runs it."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

pytestmark = [pytest.mark.slow]

NOW = datetime.now(tz=UTC)


def test_an_hour_of_posts_gets_from_an_api_to_the_views_and_to_discord(run, warehouse, network):
    def count(table):
        [total] = warehouse.execute(f"select count(*) from {table}").fetchone()
        warehouse.rollback()
        return total

    state, tasks = run("bronze_mastodon", hours=3)
    assert state == "success"
    assert tasks["extract"] == ["success"] * 4
    assert count("bronze.post_observations") > 0
    [closed] = warehouse.execute(
        "select state from bronze.pipeline_runs where dag_id = 'bronze_mastodon'"
    ).fetchone()
    assert closed == "success"

    assert run("silver_star")[0] == "success"
    assert count("dim_facts.fact_toot_engagement") > 0
    assert count("bronze.posts_to_load") == 0

    state, tasks = run("gold_views")
    assert state == "success"
    assert len(tasks["refresh"]) == 7
    assert count("analytics.mv_daily_engagement_summary") > 0

    assert run("notify_discord")[0] == "success"
    said = [caught["message"]["embeds"][0]["title"] for caught in network.caught.messages]
    assert len(said) == 3
    assert any(title.startswith("What was said") for title in said)
    assert not network.caught.refused

    # Nothing is left to do, and nothing is said twice.
    assert run("gold_views")[0] == "success"
    assert run("notify_discord")[0] == "success"
    assert len(network.caught.messages) == 3


def test_what_was_read_is_looked_at_again_when_it_is_due_and_else_the_run_is_skipped(
    run, warehouse, owner
):
    assert run("bronze_mastodon", hours=2)[0] == "success"
    owner.execute("update bronze.raw_events set last_seen_at = now() - interval '5 hours'")
    state, tasks = run("bronze_mastodon_remeasure")
    assert (state, tasks["look_again"]) == ("success", ["success"] * 2)
    [kind, due] = warehouse.execute(
        """
        select run.state, sum((step.counts ->> 'posts_due')::int)
        from bronze.pipeline_runs as run inner join bronze.pipeline_steps as step using (pipeline_run_id)
        where run.dag_id = 'bronze_mastodon_remeasure' group by 1
        """
    ).fetchone()
    assert (kind, due > 0) == ("success", True)
    warehouse.rollback()

    owner.execute("update bronze.raw_events set last_seen_at = now() + interval '1 hour'")
    state, tasks = run("bronze_mastodon_remeasure")
    assert (state, tasks["load"]) == ("success", ["skipped"])


def test_a_target_that_fails_holds_nothing_back_and_is_red_itself(
    run, airflow, network, tmp_path, warehouse
):
    entries = [
        {
            "instance": "mastodon.demo",
            "base_url": network.mastodon_url,
            "hashtags": [network.addresses.hashtags[0]],
        },
        {
            "instance": "gone.example",
            "base_url": f"{network.hub_url}nothing",
            "hashtags": ["x"],
        },
    ]
    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump({"mastodon": entries}))
    airflow.setenv("TARGETS_FILE", str(broken))
    state, tasks = run("bronze_mastodon", hours=2)
    assert sorted(tasks["extract"]) == ["failed", "success"]
    assert (state, tasks["load"]) == ("success", ["success"])
    [closed] = warehouse.execute("select state from bronze.pipeline_runs").fetchone()
    assert closed == "partial"


def test_what_a_cut_network_kept_from_a_wave_the_next_one_reads_as_well(
    run, airflow, network, tmp_path, warehouse
):
    instance = {"instance": "mastodon.demo", "hashtags": [network.addresses.hashtags[0]]}
    for place in ("http://127.0.0.1:9", network.mastodon_url):
        targets = tmp_path / "one.yaml"
        targets.write_text(yaml.safe_dump({"mastodon": [instance | {"base_url": place}]}))
        airflow.setenv("TARGETS_FILE", str(targets))
        _, tasks = run("bronze_mastodon")
    assert tasks["extract"] == ["success", "success"]
    closed = warehouse.execute(
        "select state, events_extracted > 0 from bronze.pipeline_runs order by started_at"
    ).fetchall()
    assert closed == [("success", True), ("success", True)]


def test_a_wave_succeeds_although_nobody_can_be_told(run, airflow, network, warehouse):
    since = (NOW - timedelta(hours=2)).isoformat()
    until = (NOW - timedelta(hours=1)).isoformat()
    airflow.setenv("DISCORD_WEBHOOK_URL", network.addresses.revoked_discord_webhook_url)
    state, tasks = run("notify_discord", since=since, until=until)
    assert (state, sorted(tasks["say"])) == ("success", ["skipped", "success", "success"])
    airflow.delenv("DISCORD_WEBHOOK_URL")
    state, tasks = run("notify_discord", since=since, until=until)
    assert (state, tasks["say"]) == ("success", ["skipped"] * 3)
    tasks = run("ops_watch")[1]
    assert tasks["webhook"] == ["failed"]
    query = "select sentence from ops.watch_state where rule = 'webhook'"
    assert "There is no webhook" in warehouse.execute(query).fetchone()[0]
    airflow.setenv("NOTIFY_VIA_DISCORD", "false")
    state, tasks = run("notify_discord")
    assert (state, tasks["list_news"]) == ("success", ["skipped"])


def test_a_window_that_contradicts_itself_fails_at_once_and_in_a_sentence(
    run, network, warehouse
):
    before = len(network.caught.mails)
    state, tasks = run("bronze_mastodon", hours=1, days=1)
    assert state == "failed"
    assert tasks["list_targets"] == ["failed"]
    assert len(network.caught.mails) == before + 1
    assert "hours and days each say" in str(network.caught.mails[0])
    endings = warehouse.execute("select dag_id, state from ops.job_endings").fetchall()
    assert endings == [("bronze_mastodon", "failed")], "ops_watch counts it"


def test_the_watch_is_red_where_a_rule_is_broken_and_green_where_it_holds(
    run, airflow, network, warehouse
):
    airflow.setenv("DISCORD_WEBHOOK_URL", network.addresses.revoked_discord_webhook_url)
    before = len(network.caught.mails)
    state, tasks = run("ops_watch")
    red = {rule for rule, states in tasks.items() if states != ["success"]}
    assert (state, red) == ("failed", {"silence", "webhook"})
    told = " ".join(str(mail) for mail in network.caught.mails)
    assert len(network.caught.mails) == before + 2
    assert "the webhook was revoked" in " ".join(told.split())
    query = "select is_well, sentence from ops.watch_state where rule = 'webhook'"
    assert warehouse.execute(query).fetchone()[0] is False

    airflow.setenv("DISCORD_WEBHOOK_URL", network.addresses.discord_webhook_url)
    assert run("bronze_mastodon", hours=1)[0] == "success"
    assert run("silver_star")[0] == "success"
    assert run("gold_views")[0] == "success"
    assert run("ops_watch")[0] == "success"
    assert len(network.caught.mails) == before + 4
    told = " ".join(" ".join(map(str, network.caught.mails)).split())
    assert "Silence is well again" in told
    assert "Webhook is well again" in told


def test_a_replay_only_counts_until_it_is_told_to_do_it(run, warehouse):
    letters = "select count(*) filter (where replayed_at is not null) from bronze.dead_letters"
    assert run("bronze_mastodon", hours=1)[0] == "success"
    warehouse.execute(
        "insert into bronze.dead_letters (stage, source, source_id, instance, event_type, post_id,"
        " occurred_at, raw_event_id, observed_at, payload, error_class, error)"
        " select 'transform', source, source_id, instance, event_type, post_id, occurred_at, id,"
        " observed_at, payload, 'Unfit', 'it was not understood' from bronze.raw_events limit 1"
    )
    warehouse.commit()

    state, tasks = run("ops_replay")
    assert (state, tasks["replay"]) == ("success", ["skipped"])
    assert warehouse.execute(letters).fetchone() == (0,)
    warehouse.commit()

    state, tasks = run("ops_replay", dry_run=False, reason="Unfit")
    assert (state, tasks["load"]) == ("success", ["success"])
    assert warehouse.execute(letters).fetchone() == (1,)

    state, tasks = run("ops_replay", dry_run=False, what="window")
    assert (state, tasks["count"]) == ("failed", ["failed"])
