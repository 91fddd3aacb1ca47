"""Score what waits: every post that a model has not read as it is now gets its prediction.

Two lanes drain the queue, each with a connection of its own: while the model reads one's micro-batch, the other's is
written. Together they hold SENTIMENT_BATCH_SIZE posts, which is the work a killed task loses. Claim and prediction
are one transaction, so no post is lost and none is written twice.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.score_batch import claim, write
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import ActiveModel, active_models
from chorus.sentiment.host.client import HostClient
from chorus.sentiment.isolation import read
from chorus.warehouse.connection import Connection, another
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)

LANES = 2


def score_all_pending(
    connection: Connection,
    settings: Settings,
    pipeline_run_id: str,
    *,
    models: Path = paths.MODELS,
    runtime: Path | None = None,
) -> list[ScoreTotals]:
    """Drain every active model's queue, the default one's first; only its mood is shown with the posts."""
    active = active_models(settings, models)
    for model in active:
        model.require_files()
    totals = []
    for model in active:
        enqueue_for_new_model(connection, settings, model)
        client = HostClient(model, runtime=runtime)
        shown = model is active[0]
        totals.append(score_pending(connection, settings, client, pipeline_run_id, shown=shown))
    return totals


def score_pending(
    connection: Connection,
    settings: Settings,
    client: HostClient,
    pipeline_run_id: str,
    *,
    shown: bool = True,
) -> ScoreTotals:
    """Drain one model's queue, committing micro-batch by micro-batch; others may drain it at the same time."""
    client.model.require_files()
    connection.commit()
    totals = ScoreTotals(client.model.key.text, client.model.card.backend)
    batches = _MicroBatches(
        settings=settings,
        client=client,
        pipeline_run_id=pipeline_run_id,
        totals=totals,
        shown=shown,
    )
    stop = threading.Event()

    def drain(lane: Connection) -> None:
        try:
            while not stop.is_set() and batches.score(lane):
                pass
        except BaseException:
            stop.set()
            raise

    started = time.perf_counter()
    with another(connection, settings) as second, ThreadPoolExecutor(LANES) as lanes:
        work = [lanes.submit(drain, lane) for lane in (connection, second)]
        try:
            for lane in work:
                lane.result()
        finally:
            stop.set()
    totals.seconds = time.perf_counter() - started
    log.info("scored %s", totals)
    return totals


@dataclass(frozen=True, slots=True, kw_only=True)
class _MicroBatches:
    """How each of them is scored."""

    settings: Settings
    client: HostClient
    pipeline_run_id: str
    totals: ScoreTotals
    shown: bool

    def score(self, lane: Connection) -> bool:
        """One, in one transaction. False where nobody waits, or everybody is somebody else's."""
        model = self.client.model
        size = max(self.settings.sentiment_batch_size // LANES, 1)
        with lane.transaction():
            batch = claim(lane, self.settings, model, size)
            asked = batch.texts_to_read
            if asked:
                reading = read(self.client, list(asked.values()))
                batch.learn(asked, model.card.labels, reading)
            write(
                lane,
                self.settings,
                model,
                batch,
                shown=self.shown,
                pipeline_run_id=self.pipeline_run_id,
            )
        self.totals.add(batch)
        return batch.claimed > 0


def enqueue_for_new_model(
    connection: Connection, settings: Settings, model: ActiveModel
) -> int:
    """A model that has read nothing here yet gets everything; returns how many posts."""
    with connection.transaction():
        known = connection.execute(
            render("silver/post_sentiments/is_known.sql", settings), model.key.columns
        ).fetchone()
        if known == (True,):
            return 0
        return enqueue_missing(connection, settings, model)


def enqueue_missing(connection: Connection, settings: Settings, model: ActiveModel) -> int:
    """Queue every post that this model has not read as it is now; returns how many."""
    with connection.transaction():
        queued = connection.execute(
            render("bronze/posts_to_score/enqueue_missing.sql", settings),
            {
                "model_key": model.key.text,
                "visibilities": list(settings.include_visibilities),
                **model.key.columns,
            },
        ).rowcount
    log.info("queued %d posts for %s", queued, model.key.text)
    return queued
