"""`chorus targets check`, as people type it."""

import pytest
from typer.testing import CliRunner

from chorus.cli import targets
from chorus.config import load_settings
from chorus.domain.errors import ConfigurationError


@pytest.fixture
def check(tmp_path, monkeypatch):
    def run(text):
        file = tmp_path / "targets.yaml"
        file.write_text(text)
        monkeypatch.setenv("TARGETS_FILE", str(file))
        load_settings.cache_clear()
        return CliRunner().invoke(targets.app, ["check"])

    yield run
    load_settings.cache_clear()


def test_every_target_is_named(check):
    result = check("mastodon: [{instance: m.example, hashtags: [python], public: local}]")
    assert result.output.splitlines() == [
        "mastodon: m.example #python",
        "mastodon: m.example local",
    ]
    assert result.exit_code == 0


def test_a_flaw_is_a_sentence(check):
    result = check("mastodon: [{instance: m.example}]")
    assert isinstance(result.exception, ConfigurationError)
    assert "mastodon.0 is wrong: it names nothing to read" in str(result.exception)
