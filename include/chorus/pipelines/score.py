"""Score what waits: every post that a model has not read as it is now gets its prediction.

Two lanes drain the queue, each with a connection of its own: while the model reads one's micro-batch, the other's is
written. Together they hold SENTIMENT_BATCH_SIZE posts at most, which is the work a killed task loses. Claim and prediction
are one transaction, so no post is lost and none is written twice.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path

from psycopg.errors import UniqueViolation

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.score_batch import claim, write
from chorus.pipelines.score_portion import Portion
from chorus.pipelines.score_queue import tell_active
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import active_models
from chorus.sentiment.host.client import HostClient
from chorus.sentiment.isolation import read
from chorus.warehouse.connection import Connection, another

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
    tell_active(connection, settings, active)
    totals = []
    for model in active:
        client = HostClient(model, runtime=runtime, log_in_json=settings.json_logs)
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

    def drain(open_lane: Callable[[], AbstractContextManager[Connection]]) -> None:
        portion = Portion(max(settings.sentiment_batch_size // LANES, 1))
        try:
            with open_lane() as lane:
                while not stop.is_set() and batches.score(lane, portion):
                    pass
        except BaseException:
            stop.set()
            raise

    started = time.perf_counter()
    # What was there before is not searched for garbage again and again, which takes as long as all else here.
    gc.freeze()
    with ThreadPoolExecutor(LANES) as lanes:
        work = [
            # What a log line says of its run goes along.
            lanes.submit(copy_context().run, drain, lambda: nullcontext(connection)),
            lanes.submit(copy_context().run, drain, lambda: another(connection, settings)),
        ]
        try:
            for lane in work:
                lane.result()
        finally:
            stop.set()
            gc.unfreeze()
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

    def score(self, lane: Connection, portion: Portion) -> bool:
        """One, in one transaction. False where nobody waits, or everybody is somebody else's."""
        try:
            return self._score(lane, portion)
        except UniqueViolation:
            # Their post waited twice, and somebody else read it at the same time: now it is known.
            log.info("Somebody else has read the same post meanwhile; these are claimed again.")
            return True

    def _score(self, lane: Connection, portion: Portion) -> bool:
        model = self.client.model
        with lane.transaction():
            batch = claim(lane, self.settings, model, portion.next)
            portion.behind = batch.behind
            if asked := batch.texts_to_read:
                started = time.perf_counter()
                reading = read(self.client, list(asked.values()))
                portion.learn(batch.claimed, len(asked), time.perf_counter() - started)
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
