"""Reddit's credentials: the environment's, else the Airflow connection's, else none."""

import pytest
from pydantic import SecretStr

from chorus.sources.reddit import CREDENTIALS
from tests.conftest import settings_for_tests


@pytest.fixture
def given(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_CHORUS_REDDIT", "http://theirs:word@reddit.com")


def pair(settings, source="reddit"):
    from chorus.orchestration.credentials import with_credentials

    found = with_credentials(settings, source).credentials(source, CREDENTIALS)
    return found.get("client_id"), found.get("client_secret")


@pytest.mark.usefixtures("given")
def test_the_connection_serves_where_the_environment_says_nothing():
    assert pair(settings_for_tests()) == ("theirs", "word")
    assert pair(settings_for_tests(), "mastodon") == (None, None)


@pytest.mark.usefixtures("given")
def test_the_environment_wins():
    ours = settings_for_tests(reddit_client_id="ours", reddit_client_secret=SecretStr("own"))
    assert pair(ours) == ("ours", "own")


def test_without_either_there_are_none():
    assert pair(settings_for_tests()) == (None, None)
