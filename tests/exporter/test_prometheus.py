"""Debian's Prometheus reads our files and scrapes our exporter."""

import re
import subprocess

import pytest
import requests
import yaml

from chorus import paths
from chorus.domain.thresholds import Thresholds
from tests.exporter.conftest import TOKEN
from tests.exporter.scraping import OPS, configure, running

CASES = paths.ROOT / "tests" / "exporter" / "alert_cases.yml"


@pytest.fixture
def configured(exporter, tmp_path):
    """Our files, pointed at the exporter of this test."""
    return configure(tmp_path, exporter, "metrics_token")


def promtool(*words, cwd=OPS):
    return subprocess.run(
        ["promtool", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_promtool_finds_nothing_wrong_with_our_files(prometheus, configured):
    for words in (
        ("check", "config", "--lint-fatal", configured),
        ("check", "config", "--syntax-only", OPS / "prometheus.yml"),
        ("check", "config", "--syntax-only", OPS / "compose.yml"),
        ("check", "rules", "--lint-fatal", OPS / "alerts.yml"),
    ):
        checked = promtool(*words)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_alert_fires_where_it_should_and_nowhere_else(prometheus):
    tested = promtool("test", "rules", CASES)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    alerts = re.findall(r"alert: (\w+)", (OPS / "alerts.yml").read_text())
    assert set(re.findall(r"alertname: (\w+)", CASES.read_text())) == set(alerts)


def test_the_numbers_are_the_default_thresholds():
    rules = (OPS / "alerts.yml").read_text()
    usual = Thresholds()
    for says in (
        f"< {usual.job_success:g}\n",
        f"> {usual.mean_run_minutes:g} * 60",
        f"data_quality_score < {usual.quality_score:g}\n",
    ):
        assert says in rules


def test_every_metric_that_an_alert_asks_for_is_told(exporter):
    session = requests.Session()
    session.trust_env = False
    shown = {"Authorization": f"Bearer {TOKEN}"}
    told = session.get(f"http://{exporter}/metrics", headers=shown, timeout=20).text
    [group] = yaml.safe_load((OPS / "alerts.yml").read_text())["groups"]
    asked = {
        name
        for rule in group["rules"]
        for name in re.findall(r"\b(?:pipeline|chorus|data|source)_\w+", rule["expr"])
    }
    assert len(asked) > 7
    assert {name for name in asked if f"\n{name}" not in told} == set()


def test_a_real_prometheus_scrapes_it_and_raises_its_alarms(prometheus, configured, tmp_path):
    with running(configured, tmp_path) as asked:
        asked.wait_for(lambda it: "ChorusRuleBroken" in it.firing(), tmp_path / "log")
        assert asked.values("pipeline_jobs_total")["bronze_mastodon", "success"] == "2"
        [target] = asked.ask("targets")["activeTargets"]
        assert (target["health"], target["lastError"]) == ("up", "")
