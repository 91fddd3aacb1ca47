"""What waits does not weigh: transform needs as much memory for many pending events as for few."""

import json
import pickle
import subprocess
import sys

import pytest
from psycopg.types.json import Jsonb

from chorus import paths

FEW, MANY = 4_000, 16_000
WORKER = """
import pickle, sys
from chorus.pipelines.transform import transform_pending
from chorus.warehouse.connection import connect
from tests.peak import peak_megabytes
settings = pickle.load(sys.stdin.buffer)
with connect(settings) as connection:
    done = transform_pending(connection, settings, "run", ["model"])
print(done.claimed, done.posts, peak_megabytes())
"""
PENDING = """
insert into bronze.raw_events (
    id, occurred_at, source, source_id, instance, event_type, post_id, payload, payload_hash,
    observed_at, last_seen_at, pipeline_run_id
)
select
    uuidv4(), created, 'mastodon', 'here.example', 'here.example', 'status', n::text,
    %(payload)s || jsonb_build_object('id', n::text, 'uri', 'https://here.example/' || n, 'created_at', created),
    sha256(n::text::bytea), created + interval '1 hour', created + interval '1 hour', 'extract'
from (
    select n, timestamptz '2026-08-03' + interval '7 days' * n / %(rows)s as created
    from generate_series(0, %(rows)s - 1) as n
) as posts
"""


def peak_megabytes(warehouse, settings, payload, rows):
    """Of a process of its own that takes in so many."""
    warehouse.execute("select bronze.ensure_raw_events_weeks(array[date '2026-08-03'])")
    warehouse.execute(PENDING, {"payload": Jsonb(payload), "rows": rows})
    warehouse.commit()
    worker = subprocess.run(
        [sys.executable, "-c", WORKER],
        input=pickle.dumps(settings),
        cwd=paths.ROOT,
        capture_output=True,
        check=True,
    )
    claimed, posts, megabytes = json.loads(f"[{worker.stdout.decode().replace(' ', ',')}]")
    assert claimed == posts == rows
    return megabytes


HALF_A_MILLION = pytest.param(500_000, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)])


@pytest.mark.parametrize("many", [MANY, HALF_A_MILLION])
def test_many_more_pending_events_take_no_more_memory(
    warehouse, warehouse_settings, status, many
):
    payload = status(content="<p>" + "some words that are said again and again " * 30 + "</p>")
    few = peak_megabytes(warehouse, warehouse_settings, payload, FEW)
    peak = peak_megabytes(warehouse, warehouse_settings, payload, many)
    print(f"{few} MB at {FEW:,}, {peak} MB at {many:,}")  # noqa: T201 - for docs/performance.md
    assert peak < 500
    assert peak < 1.1 * few
