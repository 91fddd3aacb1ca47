"""A wave that is killed at every step, each time taken up by the next one, leaves every row exactly once.

The place to die is chosen from outside: a lock on the table that the step is about to write holds the process there.
"""

import pickle
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import yaml

from chorus.demo.network import demo_network
from chorus.domain.window import Window
from chorus.warehouse.connection import connect
from tests.pipelines.test_any_order import LONG_AFTER, START, answers, read
from tests.sessions import wait_until_alone

WINDOW = Window(START, START + timedelta(hours=2))
WAVE = """
import pickle, sys
from chorus.pipelines.wave import run_wave
from chorus.warehouse.connection import connect
settings, source, window = pickle.load(sys.stdin.buffer)
with connect(settings) as connection:
    for _ in run_wave(connection, settings, source, window):
        pass
"""
# What is about to be written when it dies, in the order of the wave: extract, transform, score, load, refresh.
PLACES = (
    "bronze.raw_events",
    "ops.reading_progress",
    "bronze.post_observations",
    "bronze.transformed_toots_with_sentiment_data",
    "bronze.account_observations",
    "dim_facts.post_sentiments",
    "ops.quality_results",
    "dim_facts.dim_account",
    "dim_facts.fact_toot_engagement",
    "analytics.rollup_day",
    "analytics.view_state",
)
KEPT = {
    "raw events": "select id::text from bronze.raw_events",
    "looks at posts": "select raw_event_id::text from bronze.post_observations",
    "looks at accounts": "select raw_event_id::text from bronze.account_observations",
    "shown": "select instance, id, sentiment_label from bronze.transformed_toots_with_sentiment_data",
    "moods": "select instance, post_id, encode(input_hash, 'hex'), label from dim_facts.post_sentiments",
    "letters": "select error from bronze.dead_letters",
    "waits for a model": "select post_id from bronze.posts_to_score",
    "waits for silver": "select uri from bronze.posts_to_load",
    "accounts that wait": "select account_uri from bronze.accounts_to_load",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", ["mastodon", pytest.param("reddit", marks=pytest.mark.nightly)]
)
def test_a_wave_killed_at_every_step_leaves_every_row_once(
    warehouse_settings, other_warehouse_settings, owner, tmp_path, source
):
    # The listings of Reddit do not reach far back.
    now = LONG_AFTER if source == "mastodon" else WINDOW.until
    with demo_network(clock=lambda: now, limits=False) as network:
        targets = tmp_path / "targets.yaml"
        instance = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
        subreddit = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
        entries = {
            "mastodon": [instance | {"hashtags": ["python"]}],
            "reddit": [subreddit | {"subreddit": "python"}],
        }
        targets.write_text(yaml.safe_dump(entries))
        listening = {"targets_file": targets, "sentiment_backend": "vader"}
        killed = warehouse_settings.model_copy(update=listening)
        undisturbed = other_warehouse_settings.model_copy(update=listening)
        for place in PLACES:
            die_before_writing(place, killed, owner, source)
        read(killed, [WINDOW], source)
        read(undisturbed, [WINDOW], source)
    expected = kept(undisturbed)
    assert kept(killed) == expected
    assert len(expected["looks at posts"]) > 5
    assert answers(killed) == answers(undisturbed)


def die_before_writing(table, settings, owner, source):
    with owner.transaction():
        owner.execute(f"lock table {table} in share row exclusive mode")
        wave = subprocess.Popen([sys.executable, "-c", WAVE], stdin=subprocess.PIPE)
        wave.stdin.write(pickle.dumps((settings, source, WINDOW)))
        wave.stdin.close()
        waiting = f"select from pg_locks where not granted and relation = '{table}'::regclass"
        wait_until(lambda: owner.execute(waiting).fetchone() is not None, wave)
        wave.send_signal(signal.SIGKILL)
        assert wave.wait() == -signal.SIGKILL
    wait_until_alone(owner)


def wait_until(so, alive):
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        assert alive.poll() is None, "it never came to write that"
        time.sleep(0.02)


def kept(settings):
    with connect(settings, "owner") as connection:
        return {
            name: sorted(map(repr, connection.execute(query))) for name, query in KEPT.items()
        }
