"""Load the star schema with whatever bronze marks pending: a batch a transaction, until nothing is."""

import logging
from collections import Counter

from chorus.config import Settings
from chorus.domain.sentiment_key import ModelKey
from chorus.sentiment.active import active_model_keys
from chorus.warehouse.connection import Connection
from chorus.warehouse.gold import apply_rollups
from chorus.warehouse.silver import BATCH_SIZE, REPORTED, load_batch
from chorus.warehouse.silver_checks import check_promises

log = logging.getLogger(__name__)

SilverCounts = Counter[str]


def load_silver(
    connection: Connection,
    settings: Settings,
    run_id: str,
    default_model: ModelKey | None = None,
    batch_size: int = BATCH_SIZE,
) -> SilverCounts:
    """Load all that is pending; returns how many rows of what. Two at once take turns, batch by batch."""
    default_model = default_model or active_model_keys(settings)[0]
    totals: SilverCounts = Counter(dict.fromkeys(REPORTED.values(), 0))
    while True:
        counts = load_batch(connection, settings, default_model, batch_size)
        if not counts["posts"] and not counts["accounts"]:
            connection.rollback()
            log.info("%s loaded %s", run_id, dict(totals))
            return totals
        apply_rollups(connection, settings)
        connection.commit()
        totals.update(counts)
        totals["batches"] += 1


def check_silver(connection: Connection, settings: Settings, *, whole: bool = False) -> None:
    """Raise CheckFailed naming the rows of what was loaded lately, or ever, that break a promise."""
    check_promises(connection, settings, whole=whole)
