"""Somebody is forgotten: the warehouse is as if they had never been read, and they do not come back."""

import re
from collections import Counter
from datetime import datetime, timedelta

import psycopg
import pytest
import yaml
from psycopg import sql
from upath import UPath

from chorus.domain.errors import ConfigurationError
from chorus.domain.window import Window
from chorus.pipelines.forget import forget, reapply
from chorus.pipelines.gold import check_gold
from chorus.pipelines.retention import retain
from chorus.pipelines.silver import check_silver
from chorus.pipelines.wave import run_wave
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse import erasures
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import connect
from tests.deployment.test_warehouse_targets import back_up, restore
from tests.pipelines.forget.conftest import LONG_AFTER, START
from tests.sql.silver.natural import difference, naturally

HOUR = Window(START, START + timedelta(hours=1))
VIEWS = (
    "mv_daily_engagement_summary",
    "mv_hourly_posting_patterns",
    "mv_sentiment_trends",
)
TALKATIVE = """
    select author.account_acct, count(*)
    from bronze.post_observations as author
    join bronze.post_observations as other
        on other.mentions @> jsonb_build_array(jsonb_build_object('acct', author.account_acct))
        and other.account_acct <> author.account_acct
    where author.instance = 'mastodon.demo' and author.account_acct not like '%@%'
    group by 1 order by 2 desc, 1 limit 1
"""
# Who wrote most of what others answered.
ANSWERED = """
    select author.acct, count(distinct fact.content_key)
    from dim_facts.fact_toot_engagement as fact
    join dim_facts.dim_account as author using (account_key)
    where author.account_id in (
        select parent.account_id from dim_facts.thread_replies as reply
        join dim_facts.fact_toot_engagement as answered on reply.parent_key = answered.content_key
        join dim_facts.dim_account as parent on answered.account_key = parent.account_key
    )
    group by author.acct order by 2 desc, 1 limit 1
"""
TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname in ('bronze', 'dim_facts', 'analytics', 'ops') and tablename <> 'schema_version'
    union
    select format('%I.%I', schemaname, matviewname) from pg_matviews
"""


def with_listening(settings, listening):
    return settings.model_copy(update=listening)


def wave(settings, hours=2, source="mastodon", since=START):
    with connect(settings) as connection:
        window = Window(since, since + timedelta(hours=hours))
        for name, counts in run_wave(connection, settings, source, window):
            assert "failed" not in counts, name


def everywhere(settings, word):
    """The tables in which a word occurs in any column of any row."""
    with connect(settings, "owner") as connection:
        return [
            table
            for (table,) in connection.execute(TABLES).fetchall()
            if connection.execute(
                # Not a pattern: names have an underscore, which would match whatever a digest holds there.
                f"select exists (select from {table} as t where strpos(lower(t::text), %s) > 0)",
                [word.lower()],
            ).fetchone()[0]
        ]


def forget_them(settings, archive, account, **more):
    with connect(settings) as connection:
        return forget(
            connection,
            settings,
            archive,
            **{"source": "mastodon", "instance": "mastodon.demo", "account": account} | more,
        )


def holds(settings):
    with connect(settings) as connection:
        tables = naturally(connection)
        for view in VIEWS:
            rows = connection.execute(f"select t::text from analytics.{view} as t")
            tables[view] = Counter(row for (row,) in rows)
        return tables


def test_a_forgotten_account_leaves_what_would_be_had_it_never_been_read(
    warehouse_settings, other_warehouse_settings, listening, tmp_path
):
    settings = with_listening(warehouse_settings, listening)
    other = with_listening(other_warehouse_settings, listening)
    archive = UPath(tmp_path / "archive")
    wave(settings)
    with connect(settings) as connection:
        account, mentions = connection.execute(TALKATIVE).fetchone()
    assert mentions > 0
    before = everywhere(settings, account)
    assert {"bronze.raw_events", "dim_facts.dim_account", "dim_facts.post_mentions"} <= set(
        before
    )

    counted = forget_them(settings, archive, account, dry_run=True)
    assert everywhere(settings, account) == before
    counts = forget_them(settings, archive, account)

    assert {name: counted[name] for name in counts} == counts
    assert counts["posts"] > 0
    assert counts["mentions_in_observations"] > 0
    assert everywhere(settings, account) == []
    with connect(settings) as connection:
        check_silver(connection, settings, whole=True)
        check_gold(connection)

    forget_them(other, UPath(tmp_path / "other"), account)
    wave(other)
    found = difference(without_runs(holds(settings)), without_runs(holds(other)))
    assert found == {}

    wave(settings)
    assert everywhere(settings, account) == []
    assert forget_them(settings, archive, account)["raw_events"] == 0


def without_runs(tables):
    """Which run read something, and when, is another in each warehouse."""
    return {
        table: Counter({strip(row): many for row, many in rows.items()})
        for table, rows in tables.items()
    }


def strip(row):
    row = re.sub(r"cli/[0-9a-f-]{36}", "run", row)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00", of_the_network, row)


def of_the_network(found):
    """Moments of the demo network are kept; those of this test are not."""
    moment = datetime.fromisoformat(f"{found[0]}:00")
    return found[0] if moment < LONG_AFTER else "now"


def test_who_was_a_target_stands_in_no_log_of_what_was_read(
    warehouse_settings, listening, network, tmp_path
):
    settings = with_listening(warehouse_settings, listening)
    wave(settings, hours=1)
    with connect(settings) as connection:
        account, _ = connection.execute(TALKATIVE).fetchone()
    place = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
    targets = tmp_path / "accounts.yaml"
    targets.write_text(yaml.safe_dump({"mastodon": [place | {"accounts": [account]}]}))
    wave(settings.model_copy(update={"targets_file": targets}), hours=1)
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.reading_progress select pipeline_run_id, target, now(), now(), '{}', 1, '{}'"
            " from bronze.pipeline_steps where step = 'extract' and target like '%% @%%'"
        )
        connection.execute(
            "update bronze.pipeline_steps set error = 'there is no @' || %s where target like '%% @%%'",
            [account],
        )
    assert {"bronze.pipeline_steps", "ops.reading_progress"} < set(
        everywhere(settings, account)
    )

    counts = forget_them(settings, UPath(tmp_path / "archive"), account)

    assert counts["targets"] == 1
    assert everywhere(settings, account) == []


def test_a_redditor_goes_with_all_they_wrote_and_does_not_come_back(
    warehouse_settings, listening, network, tmp_path
):
    targets = tmp_path / "targets.yaml"
    place = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
    subreddit = {"subreddit": network.addresses.subreddits[0], **place}
    targets.write_text(yaml.safe_dump({"reddit": [subreddit]}))
    settings = with_listening(warehouse_settings, listening | {"targets_file": targets})
    of_reddit = {"source": "reddit", "since": LONG_AFTER - timedelta(hours=2)}
    wave(settings, **of_reddit)
    with connect(settings) as connection:
        account, posts = connection.execute(ANSWERED).fetchone()
        before = connection.execute("select count(*) from dim_facts.dim_content").fetchone()

    counts = forget_them(
        settings,
        UPath(tmp_path / "archive"),
        account,
        source="reddit",
        instance="reddit.demo",
    )

    assert counts["posts"] == posts
    assert everywhere(settings, account) == []
    wave(settings, **of_reddit)
    assert everywhere(settings, account) == []
    with connect(settings) as connection:
        left = connection.execute("select count(*) from dim_facts.dim_content").fetchone()
        assert left == (before[0] - posts,)
        check_silver(connection, settings, whole=True)
        check_gold(connection)


def test_the_archive_is_rewritten_without_them(warehouse_settings, listening, tmp_path):
    settings = with_listening(warehouse_settings, listening)
    archive = UPath(tmp_path / "archive")
    wave(settings, hours=1)
    with connect(settings) as connection:
        account, _ = connection.execute(TALKATIVE).fetchone()
        [(events,)] = connection.execute("select count(*) from bronze.raw_events").fetchall()
        retain(connection, settings, archive, now=START + timedelta(days=400), dry_run=False)
    assert account in contents(archive)

    counts = forget_them(settings, archive, account)

    assert 0 < counts["archived_raw_events"] < events
    assert account not in contents(archive)
    assert everywhere(settings, account) == []
    assert all(file.name.endswith(".2.parquet") for file in archive.glob("*.parquet"))


def contents(archive):
    from chorus.warehouse import parquet

    return str([list(parquet.read(file)) for file in archive.glob("*.parquet")])


def test_a_request_without_a_secret_is_refused_before_anything_goes(
    warehouse_settings, tmp_path
):
    with pytest.raises(ConfigurationError, match="PSEUDONYM_SECRET"):
        forget_them(warehouse_settings, UPath(tmp_path), "ada")


def test_a_restored_backup_forgets_again(
    warehouse_settings, server, tmp_path_factory, listening, tmp_path
):
    settings = with_listening(warehouse_settings, listening)
    archive = UPath(tmp_path / "archive")
    wave(settings, hours=1)
    with connect(settings) as connection:
        account, _ = connection.execute(TALKATIVE).fetchone()
    with psycopg.connect(server.dsn(), autocommit=True) as administrator:
        change = sql.SQL("alter database {} owner to chorus_owner")
        administrator.execute(change.format(sql.Identifier(settings.database_name)))
    dump = tmp_path / "dump"
    back_up(settings, dump)
    forget_them(settings, archive, account)

    with running_postgres(tmp_path_factory.mktemp("another"), durable=False) as empty:
        elsewhere = settings.model_copy(update={"database_port": empty.port})
        bootstrap(empty.dsn(), elsewhere)
        restored = restore(elsewhere, dump)
        assert restored.returncode == 0, restored.stderr
        assert "bronze.raw_events" in everywhere(elsewhere, account)

        with connect(elsewhere) as connection:
            reapply(connection, elsewhere, archive)

        assert everywhere(elsewhere, account) == []
        assert difference(holds(settings), holds(elsewhere)) == {}
        with connect(elsewhere) as connection:
            assert len(erasures.read_digests(connection, elsewhere)) >= 3
