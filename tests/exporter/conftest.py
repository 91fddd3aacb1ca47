"""An exporter that runs, on a warehouse in which something happened."""

import threading

import pytest

from chorus.exporter.server import open_server
from tests.exporter.scraping import program

TOKEN = "a-token-of-the-tests"

HAPPENED = """
insert into ops.job_endings (pipeline_run_id, dag_id, source, state, started_at, ended_at, counts)
values
('bronze_mastodon/1', 'bronze_mastodon', 'mastodon', 'success', now() - interval '70 s', now(),
 '{"events_extracted": 40, "transformed": 38, "rejected": 2, "scored": 38, "cache_hits": 8}'),
('bronze_mastodon/2', 'bronze_mastodon', 'mastodon', 'success', now() - interval '8 s', now(), '{"events_extracted": 2}'),
('bronze_mastodon/3', 'bronze_mastodon', 'mastodon', 'failed', now() - interval '3 h', now(), '{}'),
('gold_views/1', 'gold_views', null, 'success', now() - interval '2 s', now(), '{"rows": 7}');
insert into bronze.pipeline_runs (
    pipeline_run_id, dag_id, run_id, source, code_version, scored, cache_hits, durations, finished_at, window_since, window_until
)
values
('bronze_mastodon/1', 'bronze_mastodon', '1', 'mastodon', '1', 38, 8, '{"score": 2}', now(), now() - interval '6 h', now());
insert into bronze.pipeline_steps (pipeline_run_id, step, target, state, started_at, failures)
values ('bronze_mastodon/1', 'extract', 'a', 'success', now(), 2);
insert into ops.quality_results (pipeline_run_id, measure, value, rows_checked, rows_failed)
values ('bronze_mastodon/1', 'score', 97.5, 40, 1);
insert into ops.source_state (source, instance, breaker, requests, request_seconds, rate_limit, rate_remaining)
values ('mastodon', 'a.example', 'open', 12, 3.5, 300, 288);
insert into ops.watch_state (rule, is_well, sentence) values ('breakers', false, 'a.example is left alone.');
"""


@pytest.fixture
def exporter(warehouse_settings, owner, tmp_path):
    """Its address; it has learned what the loader wrote down."""
    owner.execute(HAPPENED)
    file = tmp_path / "metrics_token"
    file.write_text(TOKEN)
    with open_server(
        warehouse_settings.model_copy(update={"metrics_port": 0, "metrics_token_file": file})
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def prometheus():
    """Debian's own."""
    return program()
