"""The score step against a real PostgreSQL and a real host of VADER."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.score import score_pending
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import ActiveModel, active_models
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.connection import Connection
from tests.hosts import place_for_hosts

RUN = "test/1"
STAND_INS = paths.ROOT / "tests" / "sentiment"
TOOTS = {
    "created_at": datetime(2026, 11, 2, tzinfo=UTC),
    "visibility": "public",
    "content_hash": b"",
    "content_length": 0,
    "word_count": 0,
    "tag_names": [],
    "mention_accts": [],
    "media_types": [],
    "media_count": 0,
    "engagement_score": 0.0,
    "is_reply": False,
    "ingestion_timestamp": datetime(2026, 11, 2, tzinfo=UTC),
    "pipeline_run_id": RUN,
    "data_version": 1,
}
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def runtime() -> Iterator[Path]:
    with place_for_hosts() as folder:
        yield folder


@pytest.fixture
def settings(warehouse_settings: Settings) -> Settings:
    return warehouse_settings.model_copy(
        update={"sentiment_backend": "vader", "sentiment_batch_size": 20}
    )


@pytest.fixture
def model(settings: Settings) -> ActiveModel:
    return active_models(settings)[0]


@pytest.fixture
def client(model: ActiveModel, runtime: Path) -> HostClient:
    return HostClient(model, runtime=runtime, idle_seconds=5)


@pytest.fixture
def stand_in(model: ActiveModel) -> Iterator[Callable[[str], HostClient]]:
    """Hosts whose model does what a test needs, such as tests/sentiment/poisonous_host.py."""
    with place_for_hosts() as folder:

        def make(name: str) -> HostClient:
            program = (sys.executable, str(STAND_INS / f"{name}.py"))
            return HostClient(model, runtime=folder, program=program)

        yield make


class Mood:
    """What a test does with the warehouse."""

    def __init__(self, connection: Connection, settings: Settings, model: ActiveModel) -> None:
        self.connection = connection
        self.settings = settings
        self.names = {
            name: sql.SQL(where)  # type: ignore[arg-type]
            for name, where in settings.schemas.items()
        }
        self.model_key = model.key.text

    def score(self, client: HostClient, settings: Settings | None = None) -> ScoreTotals:
        return score_pending(self.connection, settings or self.settings, client, RUN)

    def ask(self, statement: str, *values: Any) -> list[Row]:
        cursor = self.connection.execute(
            sql.SQL(statement).format(**self.names),  # type: ignore[arg-type]
            values,
        )
        rows: list[Row] = cursor.fetchall() if cursor.description else []
        self.connection.commit()
        return rows

    def say(self, post_id: str, text: str, **changes: Any) -> None:
        """A post says this from now on, and waits to be scored."""
        row = TOOTS | {
            "source": "mastodon",
            "instance": "a.example",
            "id": post_id,
            "uri": f"https://a.example/{post_id}",
            "content_text": text,
            **changes,
        }
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(map(sql.Placeholder, row))
        self.connection.execute(
            sql.SQL(
                "insert into {toots} ({names}) values ({values}) on conflict (source, instance, id)"
                " do update set content_text = excluded.content_text, sentiment_label = null"
            ).format(**self.names, names=names, values=values),
            row,
        )
        self.queue(post_id)

    def say_many(self, texts: list[str]) -> None:
        with self.connection.pipeline():
            for number, text in enumerate(texts):
                self.say(str(number), text)

    def queue(self, post_id: str) -> None:
        self.connection.execute(
            sql.SQL(
                "insert into {bronze}.posts_to_score (source, instance, post_id, model_key)"
                " values ('mastodon', 'a.example', %s, %s)"
            ).format(**self.names),
            (post_id, self.model_key),
        )
        self.connection.commit()

    def labels(self) -> dict[str, str | None]:
        return dict(self.ask("select id, sentiment_label from {toots}"))  # type: ignore[arg-type]

    def waiting(self) -> int:
        return int(self.ask("select count(*) from {bronze}.posts_to_score")[0][0])

    def predictions(self) -> int:
        return int(self.ask("select count(*) from {silver}.post_sentiments")[0][0])


@pytest.fixture
def mood(warehouse: Connection, settings: Settings, model: ActiveModel) -> Mood:
    return Mood(warehouse, settings, model)
