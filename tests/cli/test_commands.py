"""The command line: what works says so, what does not ends in one sentence and an exit code."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from chorus import paths
from chorus.cli import pipeline
from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.warehouse.connection import connect


@pytest.fixture
def chorus(warehouse_settings, tmp_path):
    """Runs `chorus` as a person does, on a warehouse of this test's own."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATABASE_HOST": warehouse_settings.database_host,
        "DATABASE_PORT": str(warehouse_settings.database_port),
        "DATABASE_NAME": warehouse_settings.database_name,
        "DATABASE_PASSWORD": "loader",
        "DATABASE_OWNER_PASSWORD": "owner",
        "SENTIMENT_BACKEND": "vader",
        "DB_RETRY_ATTEMPTS": "1",
    }

    def run(*words, **variables):
        return subprocess.run(
            [sys.executable, "-m", "chorus", *words],
            cwd=tmp_path,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_verify_says_that_all_is_well(chorus):
    done = chorus("warehouse", "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is what the migrations make" in done.stdout


def test_forgetting_somebody_of_whom_nothing_was_read_says_so(chorus, tmp_path):
    where = {"DATA_DIR": str(tmp_path / "data"), "ARCHIVE_DIR": str(tmp_path / "archive")}
    who = ("--source", "mastodon", "--instance", "m.example", "--account", "nobody")
    done = chorus("forget", *who, PSEUDONYM_SECRET="a secret of the tests", **where)
    assert (done.returncode, done.stderr) == (0, "")
    said = "Nothing was found of nobody at m.example; what comes of it later is kept out."
    assert done.stdout.strip() == said


def test_letters_that_a_terminal_lacks_end_nothing(chorus, tmp_path):
    targets = tmp_path / "targets.yaml"
    targets.write_text("mastodon: [{instance: m.example, hashtags: [日本]}]", encoding="utf-8")
    done = chorus("targets", "check", TARGETS_FILE=str(targets), PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == r"mastodon: m.example #\u65e5\u672c"


def test_verify_names_what_is_missing(chorus, owner):
    owner.execute("drop table ops.erasures")
    done = chorus("warehouse", "verify")
    assert done.returncode == 1
    assert done.stdout.strip() == "ops.erasures is missing"


def test_migrating_a_warehouse_that_is_up_to_date_is_no_error(chorus):
    assert chorus("warehouse", "migrate").returncode == 0


def test_looking_again_where_nothing_is_due_is_no_error(chorus, tmp_path):
    file = tmp_path / "targets.yaml"
    file.write_text("mastodon: [{instance: here.example, hashtags: [python]}]")
    done = chorus("look-again", TARGETS_FILE=str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "look_again" not in done.stdout
    done = chorus("look-again", "--instance", "elsewhere.example", TARGETS_FILE=str(file))
    assert done.returncode == 2
    assert "elsewhere.example is no instance we listen to" in done.stderr


@pytest.mark.parametrize("command", ["load", "refresh", "rebuild"])
def test_an_empty_warehouse_can_be_loaded_refreshed_and_rebuilt(chorus, command):
    done = chorus("warehouse", command)
    assert done.returncode == 0, done.stderr


def test_a_wrong_setting_is_one_sentence_and_exit_code_2(chorus):
    done = chorus("warehouse", "verify", TIME_PERIOD_UNIT="fortnights")
    assert done.returncode == 2
    assert done.stderr.startswith("TIME_PERIOD_UNIT is wrong:")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_server_that_does_not_answer_is_one_sentence_and_exit_code_1(chorus):
    done = chorus("warehouse", "verify", DATABASE_PORT="1")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "DATABASE_*" in done.stderr


def test_debug_shows_where_an_error_came_from(chorus):
    done = chorus("--debug", "warehouse", "verify", DATABASE_PORT="1")
    assert "Traceback" in done.stderr
    assert "loader" in done.stderr


def test_the_targets_file_of_the_repository_is_right(chorus):
    done = chorus("targets", "check", TARGETS_FILE=str(paths.INCLUDE / "targets.yaml"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "variables", "said"),
    [
        (
            ("warehouse", "migrate"),
            {"DATABASE_URL": "postgresql://a:hunter2@127.0.0.1/x?nonsense=1"},
            "DATABASE_URL is wrong",
        ),
        (("warehouse", "migrate", "--revision", ""), {}, "did not expect"),
        (("demo", "serve", "--ports", "99999,1,2,3"), {}, "--ports '99999,1,2,3'"),
        (("demo", "serve", "--posts-per-hour", "-3"), {}, "posts-per-hour"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(chorus, words, variables, said):
    done = chorus(*words, **variables)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


def test_a_wave_without_a_real_instance_says_what_would_name_one(monkeypatch):
    monkeypatch.setattr(pipeline, "load_settings", lambda: Settings(_env_file=None))
    with pytest.raises(ConfigurationError, match="name a real instance"):
        pipeline.pipeline(since=None, until=None)


def test_a_wave_without_airflow_gets_from_the_demo_network_to_the_views(
    chorus, tmp_path, warehouse_settings
):
    from chorus.demo.network import demo_network

    with demo_network(limits=False) as network:
        targets = tmp_path / "targets.yaml"
        targets.write_text(
            "mastodon:\n"
            f"  - {{instance: mastodon.demo, base_url: '{network.mastodon_url}', hashtags: [python]}}\n"
            "  - {instance: nowhere.demo, base_url: 'http://127.0.0.1:1', hashtags: [python]}\n"
        )
        window = ("--since", "2026-11-10T10:00", "--until", "2026-11-10T11:00")
        done = chorus("pipeline", *window, TARGETS_FILE=str(targets))
    assert done.returncode == 1, "one of the two targets does not answer"
    assert "failed" in done.stdout
    with connect(warehouse_settings, "reader") as connection:
        query = "select count(*) from analytics.mv_top_performing_content"
        [posts] = connection.execute(query).fetchone()
    assert posts > 0, done.stdout + done.stderr


def test_subreddits_get_to_the_views_side_by_side_and_one_that_is_banned_holds_none_back(
    chorus, tmp_path, warehouse_settings
):
    from chorus.demo.network import demo_network

    with demo_network(limits=False) as network:
        targets = tmp_path / "targets.yaml"
        demo = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
        names = [*network.addresses.subreddits[:2], "banned"]
        entries = [{"subreddit": name, "comment_budget": 0, **demo} for name in names]
        entries.append({"subreddit": "python"})
        targets.write_text(yaml.safe_dump({"reddit": entries}))
        # A listing ends; this long ago is still in it.
        since = f"{datetime.now(UTC) - timedelta(hours=12):%Y-%m-%dT%H:%M}"
        done = chorus(
            "pipeline", "--source", "reddit", "--since", since, TARGETS_FILE=str(targets)
        )
    chains = chorus("viral-chains", "--min-depth", "2", "--min-engagement", "5").stdout
    depths = chorus("comment-depths", "--source", "reddit", "--json").stdout
    assert int(chains.splitlines()[1].split()[0]) >= 2, chains
    assert {f"r/{name}" for name in names[:2]} <= {
        json.loads(line)["community"] for line in depths.splitlines()
    }
    assert done.returncode == 1, "one of the subreddits is not there"
    assert "extract reddit.demo banned: " in done.stdout
    assert "banned, misspelt or not for us (404)" in done.stdout
    assert "Reddit is not read: it wants REDDIT_CLIENT_ID" in done.stderr
    with connect(warehouse_settings) as connection:
        found = connection.execute(
            "select source_id, count(*) from bronze.post_observations group by 1"
        ).fetchall()
        shown = connection.execute(
            "select count(*) from analytics.mv_top_performing_content"
        ).fetchone()
    assert {name.lower() for name, _ in found} == {name.lower() for name in names[:2]}
    # What was deleted by now counts in no view.
    assert 0 < shown[0] <= sum(posts for _, posts in found)


def test_letters_are_listed_replayed_and_discarded_and_nothing_happens_without_go(
    chorus, warehouse
):
    warehouse.execute(
        "insert into bronze.dead_letters (stage, source, instance, event_type, payload, error_class, error)"
        " values ('extract', 'mastodon', 'a.example', 'status', '7', 'ValidationError', E'odd\\033[31m')"
    )
    warehouse.commit()
    shown = chorus("dead-letters", "list", "--step", "extract").stdout
    assert "ValidationError" in shown
    assert "\033" not in shown
    counted = chorus("replay", "letters", "--reason", "ValidationError").stdout
    assert "1 letter: extract mastodon ValidationError" in counted

    done = chorus("replay", "letters", "--go")
    assert done.returncode == 0, done.stderr
    assert "1 refused_again" in done.stdout
    refused = chorus("dead-letters", "discard", "--go")
    assert (refused.returncode, "Say which letters" in refused.stderr) == (2, True)
    unknown = chorus("dead-letters", "discard", "1", "99999999999999999999999", "--go")
    assert unknown.returncode == 2
    assert "No such letter is open: 99999999999999999999999" in unknown.stderr
    assert "Would discard 1" in chorus("dead-letters", "discard", "1").stdout
    assert "Discarded 1" in chorus("dead-letters", "discard", "1", "--go").stdout
    assert "Nothing to show" in chorus("dead-letters", "list").stdout


def test_a_run_that_never_was_is_a_sentence(chorus):
    done = chorus("replay", "run", "nobody", "--go")
    assert done.returncode == 2
    assert "There is no run nobody" in done.stderr


def test_a_server_that_does_not_count_its_statements_is_one_sentence(chorus):
    done = chorus("warehouse", "slow")
    assert done.returncode == 2
    assert "create extension pg_stat_statements" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_statements_that_cost_most_come_first(chorus, owner):
    """The columns of PostgreSQL 18's extension, which the embedded server is built without."""
    owner.execute("""
        create view public.pg_stat_statements as
        select me.oid as userid, here.oid as dbid, one.*
        from pg_roles as me, pg_database as here, (values
            (0.9::float8, 9::bigint, 0.1::float8, 7::bigint, 3::bigint, 'select  cheap'),
            (910.0, 5::bigint, 182.0, 8::bigint, 4::bigint, 'update\n  dear')
        ) as one(total_exec_time, calls, mean_exec_time, rows, shared_blks_read, query)
        where me.rolname = 'chorus_loader' and here.datname = current_database()
    """)
    owner.execute("grant select on public.pg_stat_statements to chorus_loader")
    shown = chorus("warehouse", "slow").stdout.splitlines()
    numbers = ["0.91", "99.90", "5", "182.00", "8", "4"]
    assert shown[1].split() == [*numbers, "chorus_loader", "update", "dear"]
    assert shown[2].endswith("select cheap")
    assert len(chorus("warehouse", "slow", "--most", "1", "--json").stdout.splitlines()) == 1


@contextmanager
def dropping_the_first(port):
    """The port of a relay to the server, which hangs up on the first who calls."""
    with socket.create_server(("127.0.0.1", 0)) as relay:

        def serve():
            relay.accept()[0].close()
            client, _ = relay.accept()
            there = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=pass_on, args=(there, client), daemon=True).start()
            pass_on(client, there)

        threading.Thread(target=serve, daemon=True).start()
        yield relay.getsockname()[1]


def pass_on(one, other):
    with suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
        other.shutdown(socket.SHUT_WR)


def test_a_command_begins_again_when_its_connection_is_lost(chorus, warehouse_settings):
    with dropping_the_first(warehouse_settings.database_port) as port:
        done = chorus(
            *("warehouse", "check"),
            DATABASE_PORT=str(port),
            DATABASE_SSLMODE="disable",
            DB_RETRY_ATTEMPTS="2",
            DB_RETRY_MIN_WAIT="0",
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("Trying again.\n")
    assert done.stdout == "Silver and gold keep every promise.\n"
