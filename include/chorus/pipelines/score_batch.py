"""One micro-batch of posts to score: claimed, looked up, written, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Json

from chorus.config import Settings
from chorus.domain.events import Rejected
from chorus.domain.sentiment_key import input_hash
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.isolation import Poison, Reading
from chorus.sentiment.labels import judge
from chorus.warehouse import dead_letters
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


@dataclass(frozen=True)
class Post:
    """What the claim hands over: a post and what it says now; a post that is gone says nothing."""

    source: str
    instance: str
    post_id: str
    uri: str | None
    content_text: str | None

    @property
    def text(self) -> str:
        return self.content_text or ""

    @cached_property
    def input_hash(self) -> bytes:
        return input_hash(self.text)

    @property
    def row(self) -> dict[str, Any]:
        names = ("source", "instance", "post_id", "uri", "content_text")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Known:
    """What the model said of a text: just now, or earlier on some device."""

    input_hash: bytes
    scores: dict[str, float]
    device: str


@dataclass(slots=True)
class MicroBatch:
    """Posts claimed in an open transaction, and what is known of their texts."""

    claimed: int
    posts: list[Post]
    known: dict[bytes, Known]
    poison: dict[bytes, Poison] = field(default_factory=dict)
    read_now: int = 0
    device: str | None = None

    @property
    def texts_to_read(self) -> dict[bytes, str]:
        """Each unknown text once."""
        return {
            post.input_hash: post.text
            for post in self.posts
            if post.input_hash not in self.known
        }

    def learn(self, asked: dict[bytes, str], labels: Sequence[str], reading: Reading) -> None:
        for hashed, answer in zip(asked, reading.answers, strict=True):
            if isinstance(answer, Poison):
                self.poison[hashed] = answer
            else:
                scores = dict(zip(labels, answer, strict=True))
                self.known[hashed] = Known(hashed, scores, reading.device)
                self.read_now += 1
        self.device = reading.device


def claim(
    connection: Connection, settings: Settings, model: ActiveModel, batch_size: int
) -> MicroBatch:
    """Take posts out of the queue until this transaction ends; empty where nobody waits."""
    with connection.cursor(row_factory=class_row(Post)) as cursor:
        claimed = cursor.execute(
            render("bronze/posts_to_score/claim.sql", settings),
            {"model_key": model.key.text, "batch_size": batch_size},
        ).fetchall()
    posts = [post for post in claimed if post.content_text]
    if not posts:
        return MicroBatch(len(claimed), [], {})
    with connection.cursor(row_factory=class_row(Known)) as cursor:
        found = cursor.execute(
            render("silver/post_sentiments/cached.sql", settings),
            {"input_hashes": list({post.input_hash for post in posts}), **model.key.columns},
        )
        return MicroBatch(len(claimed), posts, {known.input_hash: known for known in found})


def write(
    connection: Connection,
    settings: Settings,
    model: ActiveModel,
    batch: MicroBatch,
    *,
    shown: bool,
    pipeline_run_id: str,
) -> None:
    """Predictions, the mood shown with the post, silver's queue and dead letters; does not commit."""
    if predictions := _predictions(batch, model, settings.sentiment_model_threshold):
        connection.execute(
            render("silver/post_sentiments/write.sql", settings),
            {
                "predictions": Json(predictions),
                "shown": shown,
                "pipeline_run_id": pipeline_run_id,
                **model.key.columns,
            },
        )
    letters = [
        _dead_letter(post, batch.poison[post.input_hash], model)
        for post in batch.posts
        if post.input_hash in batch.poison
    ]
    dead_letters.write(connection, letters, pipeline_run_id, stage="score")


def _predictions(
    batch: MicroBatch, model: ActiveModel, threshold: float
) -> list[dict[str, Any]]:
    found = []
    for post in batch.posts:
        if known := batch.known.get(post.input_hash):
            verdict = judge(model.card.labels, known.scores, threshold)
            prediction = {
                "input_hash": post.input_hash.hex(),
                "label": verdict.label,
                "confidence": verdict.confidence,
                "scores": known.scores,
                "device": known.device,
            }
            found.append(post.row | prediction)
    return found


def _dead_letter(post: Post, reason: Poison, model: ActiveModel) -> Rejected:
    return Rejected(
        source=post.source,
        source_id=post.instance,
        instance=post.instance,
        event_type="text",
        post_id=post.post_id,
        payload={"model_key": model.key.text, "content_text": post.text},
        error_class=reason.error_class,
        error=reason.error,
    )
