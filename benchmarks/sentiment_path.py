"""The whole way of a post through queue, host and PostgreSQL, against the model alone.

20,000 posts with VADER and with a tiny transformer, 500 with the base model (SIZE=full), as the settings have it. The
rate is by the clock: the model alone has the machine's cores to itself, so that what the way costs shows.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks._measure import FULL, table, verdict, wall_seconds
from benchmarks._models import BASE, TINY, make_model, posts
from chorus.config import Settings
from chorus.pipelines.score import score_pending
from chorus.sentiment.active import activate
from chorus.sentiment.backends.base import open_backend
from chorus.sentiment.cards import ModelCard, find_card
from chorus.sentiment.host.client import HostClient
from chorus.stack.running_postgres import running_postgres
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.migrations import migrate

BAR = 0.9
SAY = """
insert into bronze.transformed_toots_with_sentiment_data (
    source, instance, id, uri, created_at, visibility, content_text, content_hash, content_length, word_count,
    tag_names, mention_accts, media_types, media_count, engagement_score, is_reply,
    ingestion_timestamp, pipeline_run_id, data_version
)
select
    'mastodon', 'a.example', said.id, 'https://a.example/' || said.id, now(), 'public', said.content, '', 0, 0,
    '{}', '{}', '{}', 0, 0, false, now(), 'bench', 1
from unnest(%s::text[], %s::text[]) as said (id, content)
"""
QUEUE = """
insert into bronze.posts_to_score (source, instance, post_id, model_key)
select source, instance, id, %s from bronze.transformed_toots_with_sentiment_data order by id
"""
FORGET = "truncate bronze.posts_to_score, bronze.posts_to_load, dim_facts.post_sentiments"


@contextmanager
def warehouse(folder: Path) -> Iterator[Settings]:
    """An empty one, on the PostgreSQL that `make run` uses."""
    with running_postgres(folder / "postgres") as server:
        settings = Settings(
            _env_file=None,
            database_host="127.0.0.1",
            database_port=server.port,
            database_password="loader",
            database_owner_password="owner",
            database_reader_password="reader",
            database_monitor_password="monitor",
            sentiment_device="cpu",
        )
        bootstrap(server.dsn(), settings)
        migrate(settings)
        yield settings


def seconds_of_the_way(
    settings: Settings, owner: Connection, client: HostClient, texts: list[str]
) -> float:
    """Posts that wait, until all of them have their mood."""
    ids = [str(number) for number in range(len(texts))]
    owner.execute(FORGET)
    owner.execute("truncate bronze.transformed_toots_with_sentiment_data")
    owner.execute(SAY, (ids, texts))
    owner.execute(QUEUE, (client.model.key.text,))
    owner.execute("analyze")
    with connect(settings) as connection:
        totals = score_pending(connection, settings, client, "bench")
    if totals.texts_read != len(texts):
        raise SystemExit(f"{totals.texts_read} texts were read instead of {len(texts)}")
    return float(totals.seconds)


def share_of_the_model(
    settings: Settings, card: ModelCard, texts: list[str], rounds: int
) -> float:
    """How much of the model's own rate is left: medians of alternating rounds."""
    model = activate(card, settings)
    backend = open_backend(card, model.device, model.precision)
    gc.freeze()  # as its host does: the model alone is not held back either
    with (
        TemporaryDirectory(prefix="ch") as runtime,
        connect(settings, "owner", autocommit=True) as owner,
    ):
        client = HostClient(model, runtime=Path(runtime))
        client.health()
        taken = [
            (
                wall_seconds(lambda: backend.predict(texts)),
                seconds_of_the_way(settings, owner, client, texts),
            )
            for _ in range(rounds)
        ]
        client.stop()
    alone, whole = (median(seconds) for seconds in zip(*taken, strict=True))
    print(
        f"{card.name}: {len(texts) / alone:.0f} texts/s alone, {len(texts) / whole:.0f} through it all"
    )
    return float(alone / whole)


def main() -> None:
    many, few = (20_000, 500) if FULL else (4000, 50)
    rounds = 5 if FULL else 3
    with TemporaryDirectory() as folder, warehouse(Path(folder)) as settings:
        # First, since half a gigabyte of weights keeps the disk busy for a while; and often, since it takes half a second.
        shares = {
            "vader": share_of_the_model(settings, find_card("vader"), posts(many), 3 * rounds)
        }
        tiny = make_model(Path(folder) / "models", "tiny", TINY)
        shares["tiny"] = share_of_the_model(settings, tiny, posts(many), rounds)
        base = make_model(Path(folder) / "models", "base", BASE)
        shares["base"] = share_of_the_model(settings, base, posts(few), rounds)
    table(
        "Through queue, host and PostgreSQL",
        [(name, f"{share:.0%} of the model's own rate") for name, share in shares.items()],
    )
    verdict(
        "sentiment_path",
        ratio=min(shares.values()),
        bar=BAR,
        at_least=True,
        shares={name: round(share, 3) for name, share in shares.items()},
    )


if __name__ == "__main__":
    main()
