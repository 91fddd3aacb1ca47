"""What Airflow tells of itself in compose, sent to whoever stands in for its Prometheus."""

import os
import subprocess
import sys
from typing import Any

from pytest_httpserver import HTTPServer

PATH = "/api/v1/otlp/v1/metrics"
SAYS = """
from airflow._shared.observability.metrics import stats
from airflow.observability.metrics import stats_utils
stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=True)
stats.incr("chorus_was_here")
"""
TELL = {"scheduler", "dag-processor", "triggerer"}


def test_those_that_run_on_send_it_where_prometheus_takes_it(
    services: dict[str, dict[str, Any]], httpserver: HTTPServer
) -> None:
    told = {
        name: {
            key: value for key, value in service.get("environment", {}).items() if "OTEL" in key
        }
        for name, service in services.items()
    }
    assert {name for name, metrics in told.items() if metrics} == TELL
    assert {told[name]["OTEL_SERVICE_NAME"] for name in TELL} == TELL
    assert "--web.enable-otlp-receiver" in services["prometheus"]["command"]
    scheduler = told["scheduler"]
    assert {told[name]["AIRFLOW__METRICS__OTEL_ON"] for name in TELL} == {"True"}
    assert "profiles" not in services["prometheus"], "somebody hears it"
    assert scheduler["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] == f"http://prometheus:9090{PATH}"

    httpserver.expect_request(PATH, method="POST").respond_with_data(b"")
    here = {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": httpserver.url_for(PATH)}
    environment = os.environ | {key: str(value) for key, value in scheduler.items()} | here
    subprocess.run([sys.executable, "-c", SAYS], env=environment, check=True)
    [(request, _), *_] = httpserver.log
    assert request.content_type == "application/x-protobuf"
    assert any(b"airflow.chorus_was_here" in sent.get_data() for sent, _ in httpserver.log)
