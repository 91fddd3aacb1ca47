"""Silver and gold made anew from bronze, as a whole or for some days, while people go on reading what was there."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey
from chorus.pipelines.gold import check_gold, refresh_views
from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.summaries import write_summaries
from chorus.sentiment.active import active_model_keys
from chorus.warehouse import shadow
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.days import write_days_again
from chorus.warehouse.silver import BATCH_SIZE
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bronze:
    """Where raw events begin; None where there are none. What is older rests on its observations alone."""

    begins: datetime | None
    older: int


def rebuild(
    settings: Settings,
    run_id: str,
    default_model: ModelKey | None = None,
    batch_size: int = BATCH_SIZE,
) -> Counter[str]:
    """Make both beside the old ones and put them in their place; whatever goes wrong leaves the old ones there."""
    default_model = default_model or active_model_keys(settings)[0]

    def catch_up() -> Counter[str]:
        return load_silver(connection, new, run_id, default_model, batch_size)

    with (
        connect(settings, "owner", autocommit=True) as owner,
        shadow.alone(owner, settings),
        connect(settings, "owner") as connection,
    ):
        try:
            new = shadow.make(owner, settings)
            counts = catch_up()
            shadow.analyze(owner, new)
            refresh_views(connection, new)
            counts += catch_up()
            shadow.hold_loads(owner, settings)
            counts += catch_up()
            check_silver(connection, new, whole=True)
            refresh_views(connection, new)
            write_summaries(connection, new)
            check_gold(connection, new)
            connection.commit()
            shadow.swap(owner, settings)
            shadow.let_loads(owner, settings)
        finally:
            connection.close()
            if not owner.closed:
                shadow.discard(owner, settings)
    log.info("%s rebuilt %s", run_id, dict(counts))
    return counts


def rebuild_days(
    settings: Settings,
    run_id: str,
    since: date,
    until: date,
    default_model: ModelKey | None = None,
) -> Counter[str]:
    """Write the posts of some days again in one transaction (`until` is the day after), and count everything anew."""
    if since >= until:
        raise ConfigurationError(
            f"There is no day from {since} up to {until}: --to is the day after the last one."
        )
    default_model = default_model or active_model_keys(settings)[0]
    span = (datetime.combine(day, time.min, tzinfo=UTC) for day in (since, until))
    with (
        connect(settings, "owner", autocommit=True) as owner,
        shadow.alone(owner, settings),
        connect(settings) as connection,
    ):
        counts = write_days_again(connection, settings, default_model, *span)
        check_silver(connection, settings)
        connection.commit()
        refresh_views(connection, settings)
        check_gold(connection, settings)
        write_summaries(connection, settings)
    log.info("%s rebuilt %s to %s: %s", run_id, since, until, dict(counts))
    return counts


def where_bronze_begins(connection: Connection, settings: Settings) -> Bronze:
    """What a rebuild could not read again even if it wanted to."""
    row = connection.execute(render("ops/rebuild/bronze_begins.sql", settings)).fetchone()
    begins, older = row or (None, 0)
    assert begins is None or isinstance(begins, datetime)  # noqa: S101 - a timestamptz
    return Bronze(begins, int(str(older)))
