"""What Prometheus is told, to whom, and what is told while the warehouse is down."""

import time

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from chorus.domain.errors import ConfigurationError
from chorus.exporter.server import open_server
from tests.exporter.conftest import TOKEN


def scrape(address, token=TOKEN, **headers):
    session = requests.Session()
    session.trust_env = False
    shown = {"Authorization": f"Bearer {token}", **headers} if token else headers
    return session.get(f"http://{address}/metrics", headers=shown, timeout=20)


def samples(text):
    """Every sample by its name and its labels."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_the_warehouse_knows_is_told(exporter):
    told = samples(scrape(exporter).text)
    job = ("bronze_mastodon", "mastodon", "success")
    assert told["chorus_warehouse_up",] == 1
    assert told["pipeline_jobs_total", *job] == 2
    assert told["pipeline_jobs_total", "bronze_mastodon", "failed", "mastodon"] == 1
    assert told["pipeline_jobs_total", "", "gold_views", "success"] == 1
    bucket = "pipeline_job_duration_seconds_bucket"
    within = {
        limit: told[bucket, *sorted([limit, *job])]
        for limit in ("5.0", "15.0", "60.0", "120.0", "+Inf")
    }
    assert within == {"5.0": 0, "15.0": 1, "60.0": 1, "120.0": 2, "+Inf": 2}
    assert told["pipeline_job_duration_seconds_sum", *job] == pytest.approx(78)
    assert told["pipeline_errors_total", "extract", "mastodon"] == 2
    assert told["pipeline_records_processed_total", "extracted", "mastodon"] == 42
    assert told["pipeline_records_processed_total", "mastodon", "rejected"] == 2
    assert told["sentiment_cache_hits_total", "mastodon"] == 8
    assert told["sentiment_host_posts_per_second", "mastodon"] == 15
    assert told["data_quality_score", "mastodon"] == 97.5
    assert told["source_breaker_state", "a.example", "mastodon", "open"] == 1
    assert told["source_breaker_state", "a.example", "closed", "mastodon"] == 0
    assert told["external_call_duration_seconds_count", "a.example", "mastodon"] == 12
    assert told["external_call_duration_seconds_sum", "a.example", "mastodon"] == 3.5
    assert told["source_rate_remaining", "a.example", "mastodon"] == 288
    assert told["chorus_watch_well", "breakers"] == 0
    assert told["chorus_last_reading_timestamp_seconds",] == pytest.approx(time.time(), abs=60)
    assert told["chorus_longest_silence_seconds",] == 12 * 3600


def test_counters_only_grow_when_a_run_is_cleared(exporter, owner):
    before = samples(scrape(exporter).text)
    owner.execute(
        "update bronze.pipeline_runs set state = 'running', finished_at = null, scored = 0"
    )
    owner.execute("update bronze.pipeline_steps set state = 'running', counts = '{}'")
    after = samples(scrape(exporter).text)
    shrunk = [
        name for name, value in before.items() if "_total" in name[0] and after[name] < value
    ]
    assert len(before) > 50
    assert shrunk == []


def test_only_who_shows_the_token_is_told(exporter):
    for token in (None, "", "wrong", TOKEN + "x", "ä"):
        answer = scrape(exporter, token and token.encode().decode("latin-1"))
        assert answer.status_code == 401
        assert "pipeline" not in answer.text
        assert TOKEN not in answer.text
    session = requests.Session()
    session.trust_env = False
    other = session.get(
        f"http://{exporter}/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=9
    )
    assert other.status_code == 404


def test_openmetrics_is_spoken_to_those_who_ask_for_it(exporter):
    answer = scrape(exporter, Accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_a_warehouse_that_is_down_is_a_metric(warehouse_settings, tmp_path):
    from prometheus_client import CollectorRegistry, generate_latest

    from chorus.exporter.server import Warehouse

    registry = CollectorRegistry()
    registry.register(Warehouse(warehouse_settings.model_copy(update={"database_port": 9})))
    assert samples(generate_latest(registry).decode()) == {("chorus_warehouse_up",): 0}


def test_without_a_token_it_does_not_start(warehouse_settings, tmp_path):
    for file in (None, tmp_path / "nowhere", tmp_path / "empty"):
        (tmp_path / "empty").touch()
        with pytest.raises(ConfigurationError, match="METRICS_TOKEN_FILE"):
            open_server(
                warehouse_settings.model_copy(
                    update={"metrics_token_file": file, "metrics_port": 0}
                )
            )


@pytest.mark.parametrize("token", [b"gel\xc3\xb6st", b"\xff\xfe\x00"])
def test_a_token_that_no_header_could_show_is_a_sentence(warehouse_settings, tmp_path, token):
    file = tmp_path / "metrics_token"
    file.write_bytes(token)
    given = {"metrics_token_file": file, "metrics_port": 0}
    with pytest.raises(ConfigurationError, match=f"{file}, which holds no token") as refused:
        open_server(warehouse_settings.model_copy(update=given))
    assert "gel" not in str(refused.value)


def test_a_role_that_only_monitors_is_enough(exporter, warehouse_settings):
    from chorus.pipelines.metrics import collect
    from chorus.warehouse.connection import connect

    with connect(warehouse_settings, "monitor") as monitor:
        assert len(list(collect(monitor, warehouse_settings))) >= 14
