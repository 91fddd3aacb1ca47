"""What a call of the score step says about itself."""

from dataclasses import dataclass, field, fields
from threading import Lock
from typing import Any

from chorus.pipelines.score_batch import MicroBatch


@dataclass(slots=True)
class ScoreTotals:
    """What one model did in one call. Lanes add to it from their own threads."""

    model_key: str
    backend: str
    device: str | None = None
    posts: int = 0
    texts_read: int = 0
    cache_hits: int = 0
    dead_letters: int = 0
    without_text: int = 0
    batches: int = 0
    largest_batch: int = 0
    seconds: float = 0.0
    _adding: Lock = field(default_factory=Lock, repr=False)

    @property
    def texts_per_second(self) -> float:
        return self.posts / self.seconds if self.seconds else 0.0

    @property
    def hit_rate(self) -> float:
        return self.cache_hits / self.posts if self.posts else 0.0

    def add(self, batch: MicroBatch) -> None:
        if not batch.claimed:
            return
        buried = sum(post.input_hash in batch.poison for post in batch.posts)
        with self._adding:
            self.batches += 1
            self.largest_batch = max(self.largest_batch, batch.claimed)
            self.posts += len(batch.posts) - buried
            self.texts_read += len(batch.read_now)
            self.cache_hits += len(batch.posts) - buried - len(batch.read_now)
            self.dead_letters += buried
            self.without_text += batch.claimed - len(batch.posts)
            self.device = batch.device or self.device

    def counts(self) -> dict[str, Any]:
        """For XCom and the run's row."""
        names = [one.name for one in fields(self) if not one.name.startswith("_")]
        counts = {name: getattr(self, name) for name in names}
        return counts | {"texts_per_second": round(self.texts_per_second, 1)}

    def __str__(self) -> str:
        return (
            f"{self.posts} posts by {self.model_key} on {self.device or 'no device'}: "
            f"{self.texts_per_second:.0f} texts/s in {self.batches} batches of up to {self.largest_batch}, "
            f"{self.cache_hits} known before ({self.hit_rate:.0%}), {self.dead_letters} dead letters"
        )
