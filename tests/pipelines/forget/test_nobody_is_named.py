"""PSEUDONYMISE: after a wave nobody's name stands anywhere but on the servers it was read from."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr
from upath import UPath

from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.news import News
from chorus.pipelines.notify import say_news
from chorus.pipelines.retention import retain
from chorus.pipelines.transform import transform_pending
from chorus.pipelines.wave import run_wave
from chorus.warehouse.connection import connect
from tests.conftest import fresh_warehouse
from tests.pipelines.forget.conftest import LONG_AFTER, SECRET, START
from tests.pipelines.forget.test_forget import (
    HOUR,
    TABLES,
    contents,
    everywhere,
    forget_them,
    with_listening,
)
from tests.pipelines.test_raw_files import in_files

# Of a subreddit no more than its newest thousand can be read.
WINDOWS = {"mastodon": HOUR, "reddit": Window.back_from(LONG_AFTER, timedelta(hours=6))}
# Every name by which an account is known, as its server gives it; display names are compared where they are shown.
NAMES = """
    select account_acct from bronze.post_observations
    union select split_part(account_acct, '@', 1) from bronze.post_observations
    union select account_id from bronze.post_observations
    union select account_uri from bronze.post_observations where account_uri not like '%someone-%'
    union select url from bronze.account_observations where url is not null
    union select mention->>'acct' from bronze.post_observations, jsonb_array_elements(mentions) as mention
"""
DISPLAYED = (
    "select distinct display_name from bronze.account_observations where display_name > ''"
)
SHOWN = "select display_name from dim_facts.dim_account"
ACCOUNTS = """
    select count(*), count(distinct account_uri), sum(jsonb_array_length(mentions))
    from bronze.post_observations
"""


@pytest.fixture(scope="module")
def both(network, tmp_path_factory):
    """Settings that listen to every kind of server, and also write files."""
    folder = tmp_path_factory.mktemp("both")
    instance = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
    reddit = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
    targets = {
        "mastodon": [instance | {"hashtags": ["python"], "public": "federated"}],
        "reddit": [reddit | {"subreddit": network.addresses.subreddits[0]}],
    }
    (folder / "targets.yaml").write_text(yaml.safe_dump(targets))
    return {
        "targets_file": folder / "targets.yaml",
        "sentiment_backend": "vader",
        "pseudonym_secret": SecretStr(SECRET),
        "raw_files_format": "csv",
        "data_dir": str(folder / "data"),
    }


@pytest.fixture(scope="module")
def plain(server, template, both):
    """A warehouse in which everybody is called what they are called."""
    with fresh_warehouse(server, template) as settings:
        plain = with_listening(settings, both)
        with connect(plain) as connection:
            for source, window in WINDOWS.items():
                for target in list_targets(plain, source):
                    extract(connection, plain, target, window, "plain")
            transform_pending(connection, plain, "plain", ())
        yield plain


def live(settings):
    for source, window in WINDOWS.items():
        with connect(settings) as connection:
            for name, counts in run_wave(connection, settings, source, window):
                assert "failed" not in counts, name


def column(settings, query):
    with connect(settings) as connection:
        return {row[0] for row in connection.execute(query)}


def words(text):
    return set(re.findall(r"[\w.@:/-]*\w", text))


def everything(settings):
    """Every row of every table and view, with what is in it, as text."""
    with connect(settings, "owner") as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            for (row,) in connection.execute(f"select t::text from {table} as t"):
                yield table, row


def alerts(settings):
    said = []
    with connect(settings) as connection:
        for kind in ("summary", "most_positive", "most_negative"):
            news = [News("a wave", HOUR)]
            say_news(connection, settings, kind, news, send=said.append, run_id="x")
    return str(said)


def test_no_name_is_in_any_table_view_file_archive_or_alert(
    warehouse_settings, plain, both, tmp_path
):
    names = {name.lower() for name in column(plain, NAMES)}
    displayed = column(plain, DISPLAYED)
    assert column(plain, "select source from bronze.account_observations") == set(WINDOWS)
    settings = with_listening(
        warehouse_settings,
        both | {"pseudonymise": True, "data_dir": str(tmp_path / "hidden")},
    )
    live(settings)

    with connect(plain) as one, connect(settings) as other:
        assert one.execute(ACCOUNTS).fetchall() == other.execute(ACCOUNTS).fetchall()
    told = {table: set() for table, _ in everything(settings)}
    for table, row in everything(settings):
        told[table] |= words(row.lower()) & names
    assert {table: found for table, found in told.items() if found} == {}
    assert not displayed & column(settings, SHOWN)
    said = alerts(settings)
    assert "someone-" in said
    assert not words(said.lower()) & names
    read = {word for _, row in in_files(Path(both["data_dir"])) for word in words(str(row))}
    assert names & read
    hidden = {word for _, row in in_files(tmp_path / "hidden") for word in words(str(row))}
    assert not names & hidden

    archive = UPath(tmp_path / "archive")
    with connect(settings) as connection:
        retain(connection, settings, archive, now=START + timedelta(days=400), dry_run=False)
    assert "someone-" in contents(archive)
    assert not words(contents(archive).lower()) & names


def test_who_is_a_pseudonym_can_be_forgotten_by_name(warehouse_settings, plain, both, tmp_path):
    with connect(plain) as connection:
        query = "select account_acct, count(*) from bronze.post_observations where instance = 'mastodon.demo' and account_acct not like '%@%'"
        account, posts = connection.execute(
            f"{query} group by 1 order by 2 desc, 1 limit 1"
        ).fetchone()
    settings = with_listening(warehouse_settings, both | {"pseudonymise": True})
    live(settings)
    archive = UPath(tmp_path / "archive")

    counts = forget_them(settings, archive, account)

    assert counts["posts"] == posts
    live(settings)
    assert forget_them(settings, archive, account)["posts"] == 0
    assert everywhere(settings, account) == []
