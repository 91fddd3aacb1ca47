"""What waits does not weigh on the task: it holds its micro-batches and nothing else."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from chorus import paths
from chorus.config import Settings
from chorus.sentiment.host.client import HostClient

TASK = """
import pickle, sys
from pathlib import Path
from chorus.pipelines.score import score_pending
from chorus.sentiment.active import active_models
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import connect
from tests.peak import peak_megabytes
settings = pickle.load(sys.stdin.buffer)
client = HostClient(active_models(settings)[0], runtime=Path(sys.argv[1]))
with connect(settings) as connection:
    totals = score_pending(connection, settings, client, "test/1")
print(totals.posts, peak_megabytes())
assert not {"torch", "transformers", "tokenizers", "onnxruntime"} & sys.modules.keys()
"""
SAY = """
insert into {toots} (
    source, instance, id, uri, created_at, visibility, content_text, content_hash, content_length, word_count,
    tag_names, mention_accts, media_types, media_count, engagement_score, is_reply,
    ingestion_timestamp, pipeline_run_id, data_version
)
select
    'mastodon', 'a.example', n::text, 'https://a.example/' || n, now(), 'public',
    'a great day number ' || n || repeat(' and on', 100), '', 0, 0, '{{}}', '{{}}', '{{}}', 0, 0, false, now(), 'test/1', 1
from generate_series(%s::int, %s) as n
"""
QUEUE = """
insert into {bronze}.posts_to_score (source, instance, post_id, model_key)
select 'mastodon', 'a.example', n::text, %s from generate_series(%s::int, %s) as n
"""


def peak_of_a_task(
    mood, settings: Settings, client: HostClient, runtime: Path, posts: int
) -> int:
    """Megabytes at most, of a task that finds so many posts waiting."""
    first = mood.predictions() + 1
    mood.ask(SAY, first, first + posts - 1)
    mood.ask(QUEUE, mood.model_key, first, first + posts - 1)
    client.health()
    done = subprocess.run(
        [sys.executable, "-c", TASK, str(runtime)],
        input=pickle.dumps(settings.model_copy(update={"sentiment_batch_size": 200})),
        cwd=paths.ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    scored, peak = map(int, done.stdout.split())
    assert scored == posts
    return peak


@pytest.mark.parametrize(
    ("few", "many"),
    [(400, 4000), pytest.param(10_000, 100_000, marks=pytest.mark.nightly)],
)
def test_ten_times_the_posts_take_no_more_memory_in_the_task(
    mood, settings: Settings, client: HostClient, runtime: Path, few: int, many: int
):
    at_few = peak_of_a_task(mood, settings, client, runtime, few)
    assert peak_of_a_task(mood, settings, client, runtime, many) < at_few * 1.1
