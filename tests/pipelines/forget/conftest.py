"""A demo network with people in it who can be forgotten, and settings that listen to it."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from pydantic import SecretStr

from chorus.demo.network import demo_network

START = datetime(2020, 11, 9, 8, tzinfo=UTC)
LONG_AFTER = START + timedelta(days=9)
SECRET = "a secret of the tests"


@pytest.fixture(scope="package")
def network():
    with demo_network(clock=lambda: LONG_AFTER, limits=False) as running:
        yield running


@pytest.fixture
def listening(network, tmp_path):
    targets = tmp_path / "targets.yaml"
    instance = {"instance": "mastodon.demo", "base_url": network.mastodon_url}
    tags = {"hashtags": ["python", "caturday", "music"], "public": "federated"}
    targets.write_text(yaml.safe_dump({"mastodon": [instance | tags]}))
    return {
        "targets_file": targets,
        "sentiment_backend": "vader",
        "pseudonym_secret": SecretStr(SECRET),
    }
