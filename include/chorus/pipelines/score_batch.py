"""One micro-batch of posts to score: claimed, looked up, written, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from msgspec.json import encode

from chorus.config import Settings
from chorus.domain.events import Rejected
from chorus.domain.sentiment_key import input_hash
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.isolation import Poison, Reading
from chorus.sentiment.labels import judge
from chorus.warehouse import dead_letters, predictions
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


class Post(NamedTuple):
    """What the claim hands over: a post and what it says now."""

    source: str
    instance: str
    post_id: str
    text: str
    input_hash: bytes


class Known(NamedTuple):
    """What the model said of a text: just now, or earlier on some device."""

    scores: dict[str, float]
    device: str


@dataclass(slots=True)
class MicroBatch:
    """Posts claimed in an open transaction, and what is known of their texts."""

    claimed: int
    behind: int
    posts: list[Post]
    known: dict[bytes, Known]
    poison: dict[bytes, Poison] = field(default_factory=dict)
    read_now: set[bytes] = field(default_factory=set)
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
                self.known[hashed] = Known(scores, reading.device)
                self.read_now.add(hashed)
        self.device = reading.device


def claim(
    connection: Connection, settings: Settings, model: ActiveModel, batch_size: int
) -> MicroBatch:
    """Take posts out of the queue until this transaction ends; empty where nobody waits."""
    # A plan for a thousand posts at once would read whole tables for what is a small part of them: each is looked up.
    connection.execute("set local plan_cache_mode to force_generic_plan")
    # A batch waits for no disk: what goes with the server's power goes with its claim, and waits again. Whatever is
    # committed after it, like the end of the run, makes it last.
    connection.execute("set local synchronous_commit to off")
    claimed: list[Any] = connection.execute(
        render("bronze/posts_to_score/claim.sql", settings),
        {"model_key": model.key.text, "batch_size": batch_size},
    ).fetchall()
    behind = claimed[0][-1] if claimed else 0
    # A post that is gone says nothing.
    posts = [
        Post(source, instance, post_id, text, input_hash(text))
        for source, instance, post_id, text, _ in claimed
        if text
    ]
    if not posts:
        return MicroBatch(len(claimed), behind, [], {})
    found = connection.execute(
        render("silver/post_sentiments/cached.sql", settings),
        {"input_hashes": list({post.input_hash for post in posts}), **model.key.columns},
    )
    known: dict[Any, Known] = {hashed: Known(*said) for hashed, *said in found}  # type: ignore[arg-type]
    return MicroBatch(len(claimed), behind, posts, known)


def write(
    connection: Connection,
    settings: Settings,
    model: ActiveModel,
    batch: MicroBatch,
    *,
    shown: bool,
    pipeline_run_id: str,
) -> None:
    """Predictions, the mood shown with the post, silver's queue and dead letters; does not commit.

    Whoever is being forgotten is gone before this, or what it says of them goes with them: never in between.
    """
    predictions.share(connection, settings)
    if read := [post for post in batch.posts if post.input_hash in batch.known]:
        connection.execute(
            render("silver/post_sentiments/write.sql", settings),
            {
                **_predictions(read, batch, model, settings.sentiment_model_threshold),
                "shown": shown,
                "pipeline_run_id": pipeline_run_id,
                **model.key.columns,
            },
        )
    broken = [post for post in batch.posts if post.input_hash in batch.poison]
    letters = [
        _dead_letter(post, batch.poison[post.input_hash], model)
        for post in _standing(connection, settings, broken)
    ]
    dead_letters.write(connection, letters, pipeline_run_id, stage="score")


def _standing(connection: Connection, settings: Settings, posts: Sequence[Post]) -> list[Post]:
    """Those that are still there."""
    if not posts:
        return []
    found = connection.execute(
        render("bronze/toots/standing.sql", settings),
        {
            "sources": [post.source for post in posts],
            "instances": [post.instance for post in posts],
            "post_ids": [post.post_id for post in posts],
        },
    )
    standing = set(found)
    return [post for post in posts if (post.source, post.instance, post.post_id) in standing]


def _predictions(
    posts: Sequence[Post], batch: MicroBatch, model: ActiveModel, threshold: float
) -> dict[str, list[Any]]:
    """Column by column, which in binary costs the server a third of what JSON does."""
    labels = model.card.labels
    said = [batch.known[post.input_hash] for post in posts]
    verdicts = [judge(labels, one.scores, threshold) for one in said]
    return {
        "sources": [post.source for post in posts],
        "instances": [post.instance for post in posts],
        "post_ids": [post.post_id for post in posts],
        "texts": [post.text for post in posts],
        "input_hashes": [post.input_hash for post in posts],
        "labels": [verdict.label for verdict in verdicts],
        "confidences": [verdict.confidence for verdict in verdicts],
        "scores": [encode(one.scores).decode() for one in said],
        "devices": [one.device for one in said],
        "are_new": [post.input_hash in batch.read_now for post in posts],
    }


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
