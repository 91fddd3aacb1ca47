"""Look again: posts of the last days are asked for once more, so that counts, edits and deletions are known.

What is due is worked out from what was seen, so nothing has to be remembered: what a run does not get to, because it was
killed or the budget was spent, is still due for the next.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chorus.config import Settings
from chorus.domain import pace
from chorus.domain.errors import ConfigurationError, SourceUnavailable
from chorus.domain.pace import let_others_in
from chorus.pipelines.extract import keep, list_targets
from chorus.pipelines.forgotten import keep_out
from chorus.pipelines.readers import as_target, open_reader
from chorus.pipelines.runs import step
from chorus.pipelines.sinks import write_first
from chorus.pipelines.sources import LooksAgain
from chorus.warehouse.connection import COLLISIONS, Connection, connect, retrying
from chorus.warehouse.second_looks import claim_instance, due

log = logging.getLogger(__name__)

# More than the spare half of any budget answers within a run.
MOST_A_RUN = 50_000


def list_instances(
    connection: Connection,
    settings: Settings,
    source: str,
    instances: Sequence[str] | None = None,
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """A target of each instance where a post is due; any of them leads to all of its posts."""
    now = now or datetime.now(UTC)
    by_instance: dict[str, dict[str, Any]] = {}
    for target in list_targets(settings, source, instances):
        by_instance.setdefault(target["instance"], target)
    return [
        target
        for instance, target in by_instance.items()
        if due(connection, source, instance, now, most=1)
    ]


def look_again(
    connection: Connection,
    settings: Settings,
    target: Mapping[str, Any],
    run_id: str,
    *,
    now: datetime | None = None,
    comes_back: bool = False,
) -> dict[str, int]:
    """Ask one instance for what is due; returns how many of what.

    Told to wait, it ends well, or raises SourceUnavailable for a caller who `comes_back`.
    """
    wanted = as_target(target)
    now = now or datetime.now(UTC)
    began = time.monotonic()
    place = wanted.source, wanted.instance
    with (
        step(connection, run_id, "look_again", wanted.instance) as counts,
        connect(settings, autocommit=True) as shared,
    ):
        if not claim_instance(shared, *place):
            log.warning("Somebody else is looking again at %s, so this run does not.", place[1])
            return dict(counts)
        # Not asked through `connection`: that would open a transaction around all pages, and each is to stay.
        posts = due(shared, *place, now, MOST_A_RUN)
        counts["posts_due"] = len(posts)
        with open_reader(shared, settings, wanted, pace.take_spare_turn) as reader:
            if not isinstance(reader, LooksAgain):
                raise ConfigurationError(f"{place[0]} cannot be asked for posts by their ids.")
            try:
                for given in reader.look_again(posts):
                    page = keep_out(connection, settings, given)
                    what = f"{wanted.instance} again", now, counts["pages"] + 1
                    write_first(settings, page, what, run_id)
                    # Until the files are there, nobody joins the list of those who were forgotten.
                    connection.commit()
                    again = retrying(settings, COLLISIONS)
                    stored = again(keep, connection, settings, page, run_id)
                    counts.update(pages=1, **stored)
                    counts.update({name: n - counts[name] for name, n in reader.counts.items()})
                    let_others_in(wanted.instance, time.monotonic() - began)
            except SourceUnavailable as error:
                if comes_back or error.retry_after is None:
                    raise
                left = counts["posts_left_due"] = len(due(shared, *place, now, MOST_A_RUN))
                log.warning("%s %d posts stay due for the next run.", error, left)
    return dict(counts)
