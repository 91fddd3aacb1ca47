"""Who waits for which model, where that is not the post's own doing: a model was switched on, or off."""

import logging
from collections.abc import Sequence

from chorus.config import Settings
from chorus.sentiment.active import ActiveModel
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)


def tell_active(
    connection: Connection, settings: Settings, active: Sequence[ActiveModel]
) -> None:
    """Queue what each model that was switched on has missed; nothing waits for one that was switched off."""
    keys = [model.key.text for model in active]
    with connection.transaction():
        found = connection.execute(
            render("bronze/active_models/replace.sql", settings),
            {"model_keys": keys, "shown": keys[0]},
        )
        new = {key for (key,) in found}
        for model in active:
            if model.key.text in new:
                enqueue_missing(connection, settings, model, shown=model is active[0])


def enqueue_missing(
    connection: Connection, settings: Settings, model: ActiveModel, *, shown: bool
) -> int:
    """Every post that this model has not read as it is now, or whose mood is another's; returns how many."""
    with connection.transaction():
        queued = connection.execute(
            render("bronze/posts_to_score/enqueue_missing.sql", settings),
            {
                "model_key": model.key.text,
                "shown": shown,
                "visibilities": list(settings.include_visibilities),
                **model.key.columns,
            },
        ).rowcount
    log.info("queued %d posts for %s", queued, model.key.text)
    return queued
